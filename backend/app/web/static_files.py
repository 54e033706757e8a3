"""Static files that browsers keep: their addresses carry a hash of their content."""

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class HashedFiles(StaticFiles):
    """Lets browsers keep a file for a year when it is asked for with its hash (`?v=…`)."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, or 304 when the browser has it."""
        response = await super().get_response(path, scope)
        is_named_by_hash = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if is_named_by_hash else "no-cache"
        )
        return response
