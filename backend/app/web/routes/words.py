"""Adding cards by hand: a word met in a text, a search result, or a word of the learner's own."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import Response

from app.core.characters import visible
from app.core.errors import DomainError
from app.domain.curriculum import words
from app.domain.srs import cards as srs_cards
from app.domain.srs import details
from app.http.deps import CurrentWork
from app.models import VocabularyEntry
from app.web.visit import Learner, LearnerVisit, local_path, see_other

router = APIRouter(prefix="/words")
MAX_WORD_LENGTH, MAX_TEXT_LENGTH = 100, 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A word of the dictionary, and whether the learner has it as a card."""

    word: VocabularyEntry
    is_added: bool


@router.get("/add")
async def show_add_word(
    visit: Learner, work: CurrentWork, word: str = "", context: str = "", back: str = ""
) -> Response:
    """Look a word up and offer its card; for htmx only the content of the dialog."""
    return await _page(visit, work, word=word, context=context, back=back)


@router.post("")
async def add_item(
    visit: Learner,
    work: CurrentWork,
    item_type: Annotated[Literal["vocabulary", "question"], Form()],
    item_id: Annotated[UUID, Form()],
    back: Annotated[str, Form()] = "",
) -> Response:
    """Give the learner the cards of a word or a question, due today."""
    await srs_cards.add_cards(work, visit.account, [(item_type, item_id)], visit.now, by_hand=True)
    if not visit.is_htmx:
        return see_other(local_path(back, "/cards"))
    return visit.page("partials/add_button.html", is_added=True, is_fresh=True)


@router.post("/own")
async def add_own_word(
    visit: Learner,
    work: CurrentWork,
    *,
    headword: Annotated[str, Form()] = "",
    meaning: Annotated[str, Form()] = "",
    example: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    """Give the learner the cards of a word that the dictionary has not."""
    typed = {"headword": headword, "meaning": meaning, "example": example}
    try:
        await srs_cards.add_personal_word(
            work, visit.account, headword, meaning, example or None, visit.now
        )
    except DomainError as error:
        errors = {getattr(error, "field", None) or "headword": error.text(visit.language)}
        return await _page(
            visit, work, word=headword, context=example, back=back, typed=typed, errors=errors
        )
    return await _page(visit, work, word=headword, context=example, back=back, added=headword)


async def _page(
    visit: LearnerVisit,
    work: CurrentWork,
    *,
    word: str,
    context: str,
    back: str,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    added: str = "",
) -> Response:
    word = " ".join(visible(word).split())[:MAX_WORD_LENGTH]
    context = " ".join(visible(context).split())[:MAX_TEXT_LENGTH]
    entries = await words.look_up(work, word, context)
    cards = await details.find_added(
        work, visit.account, [("vocabulary", entry.id) for entry in entries]
    )
    context_data: dict[str, Any] = {
        "word": word,
        "context": context,
        "pieces": _around(word, context),
        "entries": [Entry(entry, ("vocabulary", entry.id) in cards) for entry in entries],
        "own": await details.find_own_word(work, visit.account, word) if word else None,
        "typed": typed or {"headword": word, "meaning": "", "example": context},
        "errors": errors or {},
        "added": added,
        "back": local_path(back, ""),
    }
    template = "partials/add_word.html" if visit.is_htmx else "add_word.html"
    return visit.page(template, section="words", status=422 if errors else 200, **context_data)


def _around(word: str, context: str) -> tuple[str, str, str]:
    """Return the sentence before, at and after the word; all of it before when it is not there."""
    start = context.casefold().find(word.casefold()) if word else -1
    if start < 0:
        return context, "", ""
    end = start + len(word)
    return context[:start], context[start:end], context[end:]
