"""Search over lessons, questions and vocabulary."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from app.core.errors import InvalidInput
from app.domain.curriculum import searching
from app.domain.curriculum.searching import KINDS, Fragment, SearchHit
from app.domain.srs import details
from app.http.deps import CurrentWork, limit_search
from app.http.problems import headers_of
from app.questions.types import MARKED_TYPES
from app.search.limits import SearchTooSlow
from app.web.i18n import translate
from app.web.visit import Learner

router = APIRouter()
MAX_HITS = 45


@dataclass(frozen=True, slots=True)
class Hit:
    """A result as it is shown; `href` is None for what has no page of its own.

    `is_whole`: the fragments are the title, with its matches marked.
    `is_added` says whether the learner has it as a card, None for what cannot be one.
    """

    id: UUID
    title: str
    level: str
    href: str | None
    meaning: str | None
    fragments: list[Fragment]
    is_whole: bool
    is_added: bool | None


@router.get("/search", dependencies=[Depends(limit_search)])
async def search(visit: Learner, work: CurrentWork, q: str = "") -> Response:
    """Show what matches `q`, a group for each kind, or why it cannot be searched."""
    term = q.strip()
    if not term:
        return visit.page("search.html", section="search", term="", problem="")
    try:
        result = await searching.search(
            work, term, limit=MAX_HITS, language="id" if visit.language == "id" else "en"
        )
    except (InvalidInput, SearchTooSlow) as error:
        problem = translate(visit.language, "search.too_long")
        if isinstance(error, SearchTooSlow):
            problem = error.text(visit.language)
        page = visit.page(
            "search.html", section="search", status=error.status, term=term, problem=problem
        )
        page.headers.update(headers_of(error))
        return page
    items = [(hit.kind, hit.id) for hit in result.hits if _can_be_card(hit)]
    added = await details.find_added(work, visit.account, items)
    hits = sorted(result.hits, key=lambda hit: _rank(hit, term, result.hits))
    groups = [
        (kind, [_shown(hit, visit.language, added) for hit in group])
        for kind, group in groupby(hits, key=lambda hit: hit.kind)
    ]
    return visit.page(
        "search.html", section="search", term=term, problem="", result=result, groups=groups
    )


def _rank(hit: SearchHit, term: str, hits: Sequence[SearchHit]) -> int:
    """Return the place of a hit's kind; for a word that we explain, the dictionary comes first."""
    is_word = any(term.casefold() in _names(other) for other in hits)
    kinds = sorted(KINDS, key=lambda kind: kind != "vocabulary") if is_word else KINDS
    return kinds.index(hit.kind)


def _names(hit: SearchHit) -> set[str]:
    """Return what a word is called, in both languages; nothing for what is no word."""
    if hit.kind != "vocabulary":
        return set()
    return {
        hit.title.casefold(),
        *(part.strip().casefold() for part in (hit.title_id or "").split(",")),
    }


def _can_be_card(hit: SearchHit) -> bool:
    """Return whether a hit can be reviewed: a word, or a question that needs no teacher."""
    return hit.kind != "lesson" and hit.question_type not in MARKED_TYPES


def _shown(hit: SearchHit, language: str, added: Collection[tuple[str, UUID]]) -> Hit:
    slug = hit.slug if hit.kind == "lesson" else hit.lesson_slug
    title = hit.title_id if language == "id" and hit.title_id else hit.title
    is_word = hit.kind == "vocabulary"
    return Hit(
        id=hit.id,
        title=hit.title if is_word else title,
        level=hit.level,
        href=f"/lessons/{slug}" if slug and not is_word else None,
        meaning=hit.title_id if is_word else None,
        fragments=hit.fragments,
        is_whole=hit.kind == "question"
        and " ".join(hit.snippet.split()) == " ".join(title.split()),
        is_added=(hit.kind, hit.id) in added if _can_be_card(hit) else None,
    )
