"""Every token and component on one page, for whoever changes the look: in development only."""

from fastapi import APIRouter
from starlette.responses import Response

from app.core.config import get_settings
from app.core.errors import NotFound
from app.models.base import LEVELS
from app.web.visit import Visitor

router = APIRouter()

COLOURS = (
    *("paper", "surface", "sunken", "ink", "ink-soft", "line", "line-strong"),
    *("brand", "brand-deep", "brand-soft", "marker", "marker-ink", "reward", "violet"),
    *("right", "right-soft", "wrong", "wrong-soft"),
)
SIZES = ("text-xs", "text-sm", "text-md", "text-lg", "text-xl", "text-2xl", "text-3xl")
ILLUSTRATIONS = (
    *("grammar", "vocabulary", "reading", "listening", "speaking", "writing"),
    *("flow", "medal", "rest", "lost"),
)


@router.get("/components")
async def show_components(visit: Visitor) -> Response:
    """Show what pages are made of. Raises NotFound in production."""
    if not get_settings().is_development:
        raise NotFound
    return visit.page(
        "components.html",
        colours=COLOURS,
        sizes=SIZES,
        levels=LEVELS,
        illustrations=ILLUSTRATIONS,
    )
