"""Text goes out compressed, static files from memory, and nothing that holds a secret."""

import httpx
import pytest
from starlette.responses import PlainTextResponse

from app.http.compression import MINIMUM_BYTES, Compressed
from app.web.rendering import TEMPLATES, asset
from app.web.static_files import BUNDLES, STATIC
from tests.api.conftest import SignedIn

GZIP = {"Accept-Encoding": "gzip"}
PLAIN = {"Accept-Encoding": "identity"}


def code_of(part: str) -> list[str]:
    """Return the lines of a source file that hold code, without comments and layout of ours."""
    lines, is_comment = [], False
    for line in (STATIC / part).read_text().splitlines():
        is_ours = not part.startswith("vendor/")
        is_comment |= is_ours and line.strip().startswith("/*")
        if line and not is_comment:
            lines.append(line.lstrip() if is_ours else line)
        is_comment &= not line.rstrip().endswith("*/")
    return lines


@pytest.mark.parametrize("name", [*BUNDLES, "css/charts.css", "images/icon.svg"])
async def test_a_text_file_is_compressed_once_and_kept_by_browsers(
    client: httpx.AsyncClient, name: str
):
    address = asset(name)
    packed = await client.get(address, headers=GZIP)
    plain = await client.get(address, headers=PLAIN)
    assert packed.content == plain.content
    wanted = [line for part in BUNDLES.get(name, (name,)) for line in code_of(part)]
    assert [line for line in packed.text.splitlines() if line] == wanted
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    for answer in (packed, plain):
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    again = await client.get(address, headers={**GZIP, "If-None-Match": packed.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = await client.head(address, headers=GZIP)
    assert head.headers["content-length"] == packed.headers["content-length"]
    assert head.content == b""


@pytest.mark.parametrize("path", ["css/nothing.css", "../main.py", "%2e%2e/main.py", "css"])
async def test_what_is_no_static_file_is_not_found(client: httpx.AsyncClient, path: str):
    assert (await client.get(f"/static/{path}")).status_code == 404


async def test_pages_and_long_answers_are_compressed_and_short_ones_are_not(
    client: httpx.AsyncClient,
):
    for path in ("/", "/api/v1/openapi.json"):
        answer = await client.get(path, headers=GZIP)
        assert answer.headers["content-encoding"] == "gzip", path
        assert "Accept-Encoding" in answer.headers["vary"]
        assert len(answer.content) >= MINIMUM_BYTES
    short = await client.get("/health/live", headers=GZIP)
    assert "content-encoding" not in short.headers
    refused = await client.get("/", headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers


@pytest.mark.parametrize(("path", "is_compressed"), [("/api/v1/sessions", False), ("/", True)])
async def test_an_answer_with_a_secret_is_never_compressed(path: str, *, is_compressed: bool):
    # Sign-in's own answer is too short to be compressed anyway, which would prove nothing.
    app = Compressed(PlainTextResponse("a" * 2 * MINIMUM_BYTES))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.post(path, headers=GZIP)
    assert ("content-encoding" in answer.headers) is is_compressed


async def test_a_page_loads_what_its_kind_needs_and_no_more(
    client: httpx.AsyncClient, signed_in: SignedIn
):
    strangers = (await client.get("/")).text
    await signed_in()
    for page, bundles in (
        (strangers, ["landing.css", "visitor.js"]),
        ((await client.get("/")).text, ["around.css", "learner.js"]),
        (
            (await client.get("/reviews")).text,
            ["study.css", "learner.js", "study.js"],
        ),
    ):
        assert page.count('rel="stylesheet"') + page.count("<script ") == len(bundles)
        assert all(asset(bundle) in page for bundle in bundles)


def test_every_source_file_is_in_a_bundle_or_named_by_a_page():
    pages = "".join(page.read_text() for page in TEMPLATES.rglob("*.html"))
    bundled = {part for parts in BUNDLES.values() for part in parts}
    for file in (*STATIC.rglob("*.css"), *STATIC.rglob("*.js")):
        name = file.relative_to(STATIC).as_posix()
        assert name in bundled or f"asset('{name}')" in pages, name


def test_no_text_of_a_script_goes_over_several_lines():
    """Bundles are without the indentation of their files."""
    for file in STATIC.rglob("*.js"):
        if "vendor" not in file.parts:
            lines = file.read_text().splitlines()
            assert [line for line in lines if line.count("`") % 2 or line.endswith("\\")] == []
