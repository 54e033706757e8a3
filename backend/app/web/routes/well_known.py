"""What browsers and crawlers ask for by a fixed name."""

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from app.web.rendering import asset

router = APIRouter()

ROBOTS = "User-agent: *\nDisallow: /api/\n"
ONE_DAY = {"Cache-Control": "public, max-age=86400"}


@router.get("/robots.txt")
async def show_robots() -> Response:
    """Let crawlers read the pages that need no account; the others send them to sign in."""
    return PlainTextResponse(ROBOTS, headers=ONE_DAY)


@router.get("/favicon.ico")
async def show_icon() -> Response:
    """Lead to the icon that the pages name in their head."""
    return RedirectResponse(asset("images/icon.svg"), headers=ONE_DAY)
