"""Static files: bundles, text that is compressed once, and addresses that browsers may keep.

There is no build step. Pages name a bundle; it is put together from its source files and compressed
when it is first asked for, and kept. The content's hash in the address lets browsers keep it.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from app.core.encodings import takes_gzip

STATIC = Path(__file__).parent / "static"
ONE_YEAR = "public, max-age=31536000, immutable"
_COMMENT = re.compile(rb"^[ \t]*/\*.*?\*/[ \t]*\n?", re.MULTILINE | re.DOTALL)
"""A comment that begins a line, in CSS and JavaScript."""
_LAYOUT = re.compile(rb"^\s+", re.MULTILINE)
"""Indentation and empty lines. No text of ours goes over several lines."""
_TEXT = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def _of_question_types(ending: str) -> tuple[str, ...]:
    """Return the files of single types: `questions/<type>.js` and `questions/<type>.css`."""
    files = sorted((STATIC / "questions").glob(f"*.{ending}"))
    return tuple(f"questions/{file.name}" for file in files)


_EVERYBODY = ("vendor/htmx-4.0.1.min.js", "lancar.js")
_COMMON = ("css/base.css", "css/controls.css", "css/answers.css")
BUNDLES = {
    # The looks of a page, by the kind that its template names (block "bundle").
    "landing.css": (*_COMMON, "css/landing.css"),
    "around.css": (*_COMMON, "css/around.css", "css/words.css", "css/cards.css"),
    # htmx swaps one study page for another: whoever studies has the styles and scripts of them all.
    "study.css": (
        *_COMMON,
        "css/learning.css",
        *_of_question_types("css"),
        "css/reviews.css",
        "css/words.css",
    ),
    "visitor.js": _EVERYBODY,
    "learner.js": (*_EVERYBODY, "drafts.js", "sounds.js", "words.js"),
    # Beside learner.js.
    "study.js": ("questions.js", *_of_question_types("js"), "reviews.js"),
}
"""The source files of each bundle, in their order."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A text file in memory, plain and compressed."""

    content: bytes
    compressed: bytes
    media_type: str
    digest: str


@cache
def packed(name: str) -> Packed:
    """Return a bundle or a text file. Raises KeyError for other kinds, OSError for none."""
    media_type = _TEXT[Path(name).suffix]
    content = b"\n".join(_source(part) for part in BUNDLES.get(name, (name,)))
    return Packed(
        content,
        gzip.compress(content, mtime=0),
        media_type,
        hashlib.sha256(content).hexdigest()[:12],
    )


def _source(name: str) -> bytes:
    """Return a source file without comments and layout, which are for those who read it here."""
    content = (STATIC / name).read_bytes()
    if name.startswith("vendor/"):
        return content
    return _LAYOUT.sub(b"", _COMMENT.sub(b"", content))


def digest_of(name: str) -> str:
    """Return the hash that stands in the address of a bundle or a file."""
    if Path(name).suffix in _TEXT:
        return packed(name).digest
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


class HashedFiles(StaticFiles):
    """Lets browsers keep a file for a year when it is asked for with its hash (`?v=…`)."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, or 304 when the browser has it."""
        response = self._packed_response(path, scope) or await super().get_response(path, scope)
        is_named_by_hash = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = ONE_YEAR if is_named_by_hash else "no-cache"
        return response

    def _packed_response(self, path: str, scope: Scope) -> Response | None:
        """Return a text file of ours from memory; None for what lies elsewhere, or nowhere."""
        is_ours = self.directory is not None and Path(self.directory) == STATIC
        name = Path(path).as_posix()
        if not is_ours or scope["method"] not in {"GET", "HEAD"} or name not in _names():
            return None
        file, headers = packed(name), Headers(scope=scope)
        is_compressed = takes_gzip(headers.get("accept-encoding", ""))
        response = Response(
            file.compressed if is_compressed else file.content,
            media_type=file.media_type,
            headers={"Vary": "Accept-Encoding", "ETag": f'"{file.digest}"'},
        )
        if is_compressed:
            response.headers["Content-Encoding"] = "gzip"
            response.headers["ETag"] = f'"{file.digest}-gzip"'
        if self.is_not_modified(response.headers, headers):
            return NotModifiedResponse(response.headers)
        return response


@cache
def _names() -> frozenset[str]:
    """Return the text files that there are: whatever else a path says leads to no file."""
    files = (path for path in STATIC.rglob("*") if path.suffix in _TEXT)
    return frozenset([*BUNDLES, *(path.relative_to(STATIC).as_posix() for path in files)])
