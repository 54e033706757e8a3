"""Search over lessons, questions and vocabulary."""

from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter
from starlette.responses import Response

from app.api.deps import DB
from app.core.errors import InvalidInput
from app.domain.curriculum import service as curriculum
from app.domain.curriculum.service import KINDS, Fragment, SearchHit
from app.web.visit import Learner

router = APIRouter()
MAX_HITS = 45


@dataclass(frozen=True, slots=True)
class Hit:
    """A result as it is shown; `href` is None for what has no page of its own."""

    title: str
    level: str
    href: str | None
    meaning: str | None
    fragments: list[Fragment]


@router.get("/search")
async def search(visit: Learner, db: DB, q: str = "") -> Response:
    """Show what matches `q`, a group for each kind; a `q` that is too long is said to be."""
    term = q.strip()
    if not term:
        return visit.page("search.html", section="search", term="", too_long=False)
    try:
        result = await curriculum.search(db, term, limit=MAX_HITS)
    except InvalidInput as error:
        return visit.page(
            "search.html", section="search", status=error.status, term=term, too_long=True
        )
    hits = sorted(result.hits, key=lambda hit: KINDS.index(hit.kind))
    groups = [
        (kind, [_shown(hit, visit.language) for hit in group])
        for kind, group in groupby(hits, key=lambda hit: hit.kind)
    ]
    return visit.page(
        "search.html", section="search", term=term, too_long=False, result=result, groups=groups
    )


def _shown(hit: SearchHit, language: str) -> Hit:
    slug = hit.slug if hit.kind == "lesson" else hit.lesson_slug
    href = f"/lessons/{slug}" if slug else None
    if hit.kind == "vocabulary":
        return Hit(hit.title, hit.level, None, hit.title_id, hit.fragments)
    title = hit.title_id if language == "id" and hit.title_id else hit.title
    return Hit(title, hit.level, href, None, hit.fragments)
