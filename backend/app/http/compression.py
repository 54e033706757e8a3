"""Answers are compressed on their way out, unless they hold a secret."""

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.encodings import takes_gzip

MINIMUM_BYTES = 1000
"""Below it an answer fits into a packet anyway."""
LEVEL = 6
# The length of a compressed answer tells what repeats in it. Where an attacker can have their own
# words put beside a secret, and see the length, they can guess it letter by letter (BREACH). So no
# answer with a secret that is good for something is compressed: a session's token, and any page
# with a one-time link or code that is yet to come.
WITH_SECRETS = frozenset({"/api/v1/sessions"})


class Compressed:
    """Compresses text of a kilobyte and more for clients that take gzip; see WITH_SECRETS.

    Sound, images, parts of files and what is compressed already go out as they are.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.gzip = GZipMiddleware(app, minimum_size=MINIMUM_BYTES, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        is_compressed = (
            scope["type"] == "http"
            and takes_gzip(Headers(scope=scope).get("accept-encoding", ""))
            and scope["path"] not in WITH_SECRETS
        )
        await (self.gzip if is_compressed else self.app)(scope, receive, send)
