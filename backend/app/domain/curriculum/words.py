"""Looking up a word as it stands in a text: "went" finds go, and "gave" in "gave up" give up."""

import re
import unicodedata
from collections.abc import Iterator

from app.core.database_utils import DatabaseUtils
from app.core.pagination import KeysetPage
from app.core.work import Work
from app.domain.curriculum import queries
from app.domain.curriculum.lessons import _require_one_of
from app.english.forms import lemmas
from app.english.normalization import as_looked_up
from app.english.spellings import american
from app.models import VocabularyEntry
from app.models.base import LEVELS

MAX_WORD_LENGTH = 100


MAX_CONTEXT_LENGTH = 1_000


MAX_PHRASE_WORDS = 5


_MAX_PLACES = 3


_COMPOUND_WORDS = 2


_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")


async def look_up(work: Work, word: str, context: str = "") -> list[VocabularyEntry]:
    """Return the vocabulary entries that a word or phrase of a text can be, the likeliest first.

    Every base form is tried. `context`, the sentence around it, adds the phrases of the dictionary
    that the word is part of there; they come first, the longest before the others. Words of one
    spelling and different parts of speech follow each other. One statement, by
    vocabulary_entries_headword_part_of_speech_key; texts that are too long find nothing.
    """
    if len(word) > MAX_WORD_LENGTH:
        return []
    word, context = as_looked_up(word), as_looked_up(context[:MAX_CONTEXT_LENGTH])
    candidates = set(_candidates(word, context))
    if not candidates:
        return []
    found = await work.session.scalars(queries.words_spelled(sorted(candidates)))
    spelled = word.casefold()
    return sorted(
        found,
        key=lambda entry: (
            -entry.headword.count(" "),
            entry.headword.casefold() != spelled,
            entry.headword,
            entry.part_of_speech,
        ),
    )


def _candidates(word: str, context: str) -> Iterator[str]:
    """Yield the headwords under which the dictionary may have what was looked up."""
    tokens = _tokens(word)
    if not tokens:
        return
    for spelling in _spellings(tokens):
        yield from _headwords(spelling)
    around = _tokens(context)
    length = len(tokens)
    places = [n for n in range(len(around)) if around[n : n + length] == tokens]
    for place in places[:_MAX_PLACES]:
        for start in range(max(0, place + length - MAX_PHRASE_WORDS), place + 1):
            for end in range(max(place + length, start + 2), start + MAX_PHRASE_WORDS + 1):
                yield from _headwords(around[start:end])


def _tokens(text: str) -> list[str]:
    return [token.casefold() for token in _WORD.findall(text)]


def _spellings(tokens: list[str]) -> Iterator[list[str]]:
    """Yield a word as it stands, as a compound may be written otherwise, and without accents."""
    typed = " ".join(tokens)
    forms = [typed, typed.replace("-", " "), typed.replace("-", "")]
    if len(tokens) == _COMPOUND_WORDS:
        forms += ["-".join(tokens), "".join(tokens)]
    for form in dict.fromkeys(forms):
        yield form.split()
        taken_apart = unicodedata.normalize("NFD", form)
        if plain := "".join(mark for mark in taken_apart if not unicodedata.combining(mark)):
            yield plain.split()


def _headwords(tokens: list[str]) -> Iterator[str]:
    """Yield a phrase in every base form of its first word, as written and capitalized."""
    first, *rest = tokens
    for base in {first, first.removesuffix("'s"), *_bases(first.removesuffix("'s"))}:
        phrase = " ".join([base, *rest])
        yield phrase
        yield phrase[:1].upper() + phrase[1:]


def _bases(word: str) -> Iterator[str]:
    """Yield the base forms of a word in its own spelling too: colours → color and colour."""
    known = lemmas(word)
    yield from known
    for end in range(len(word) - 1, max(1, len(word) - 5), -1):
        for stem in (word[:end], word[:end] + "e"):
            if american(stem) in known:
                yield stem


async def list_vocabulary(
    work: Work, *, level: str | None = None, limit: int = 50, cursor: str | None = None
) -> KeysetPage[VocabularyEntry]:
    """Return a page of vocabulary entries in alphabetical order, in one statement.

    Raises InvalidInput as `list_lessons`.
    """
    _require_one_of(LEVELS, "level", level)
    query = queries.word_list(level)
    return await DatabaseUtils.get_keyset_page(
        work.session, query, [VocabularyEntry.headword.asc()], limit, cursor
    )
