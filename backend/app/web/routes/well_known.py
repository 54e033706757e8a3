"""What browsers and crawlers ask for by a fixed name, and what makes the site installable."""

from fastapi import APIRouter, Depends
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from app.http.deps import public
from app.web.i18n import translate
from app.web.rendering import asset, render_template
from app.web.visit import Visit, Visitor

router = APIRouter(dependencies=[Depends(public)])

ROBOTS = "User-agent: *\nDisallow: /api/\n"
ONE_DAY = {"Cache-Control": "public, max-age=86400"}
# Asked for anew each time: a worker that is kept would keep its old files, too.
ALWAYS_NEW = {"Cache-Control": "no-cache"}
BRAND, PAPER = "#0d5a62", "#f6f8f7"
KEPT = ("around.css",)
"""What the worker keeps beside the offline page: its looks."""


@router.get("/robots.txt")
async def show_robots() -> Response:
    """Let crawlers read the pages that need no account; the others send them to sign in."""
    return PlainTextResponse(ROBOTS, headers=ONE_DAY)


@router.get("/favicon.ico")
async def show_icon() -> Response:
    """Lead to the icon that the pages name in their head."""
    return RedirectResponse(asset("images/icon.svg"), headers=ONE_DAY)


@router.get("/manifest.webmanifest")
async def show_manifest() -> Response:
    """Say how the site is installed as an application."""
    manifest = {
        "id": "/",
        "name": "Lancar",
        "short_name": "Lancar",
        "description": translate("id", "site.description"),
        "lang": "id",
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": BRAND,
        "categories": ["education"],
        "icons": [
            _icon("images/icon-192.png", 192),
            _icon("images/icon-512.png", 512),
            _icon("images/icon-maskable-512.png", 512) | {"purpose": "maskable"},
        ],
        "shortcuts": [{"name": translate("id", "nav.reviews"), "url": "/reviews"}],
    }
    return JSONResponse(manifest, headers=ONE_DAY, media_type="application/manifest+json")


def _icon(name: str, size: int) -> dict[str, str]:
    return {"src": asset(name), "sizes": f"{size}x{size}", "type": "image/png"}


@router.get("/sw.js")
async def show_worker() -> Response:
    """Send the worker that shows the offline page where the browser would show an error."""
    kept = ["/offline", *(asset(name) for name in KEPT)]
    script = render_template("worker.js", "id", kept=kept)
    return Response(script, media_type="text/javascript", headers=ALWAYS_NEW)


@router.get("/offline")
async def show_offline(visit: Visitor) -> Response:
    """Show what the worker keeps for the time without a connection: nobody's page, bilingual."""
    nobody = Visit(visit.request, None, visit.now)
    page = nobody.page("offline.html", section="error")
    page.headers.update(ALWAYS_NEW)
    return page
