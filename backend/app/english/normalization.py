"""Typed text as the words that are compared.

Ignored in both languages: characters that nobody sees, Unicode compatibility forms, letter case,
accents, curly or straight quotes, spaces, symbols and emoji, and punctuation, unless it stands
between digits ("7:30"), is a hyphen or an apostrophe within a word. The hyphens of Unicode, minus
and en dash are hyphens. Superscripts and fractions are no digits: "10²" is not "102". A text that
consists of marks only is compared as it stands. A question about punctuation must therefore be a
choice.

Ignored in English besides: contractions (see `contractions`), British and American spelling (see
`spellings`), numbers in words or figures (see `numbers`), "o'clock" after an hour, the full stops
of "a.m.", and whether "any more" and the like are one word or two. In Indonesian, a reduplicated
word may have spaces around its hyphen ("anak - anak"), and numbers are alike, too ("dua puluh" =
"20").

Everything else counts: spelling, word order, and every other word.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, NamedTuple

from app.core.characters import visible
from app.english import indonesian_numbers, numbers
from app.english.contractions import READINGS, mended, reading, take_apart
from app.english.spellings import american

Language = Literal["en", "id"]


class Token(NamedTuple):
    """One word as it is compared, and where it comes from.

    `raw` is the word before numbers and spellings were made alike; `first` and `last` are the
    places of the typed words (as split at spaces) that it was made of, `last` included. `is_slip`
    says that the word lacked an apostrophe ("dont").
    """

    text: str
    raw: str
    first: int
    last: int
    is_slip: bool = False


_ALIKE = str.maketrans(
    dict.fromkeys("‘’‚‛′`´ʼ", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–−⁃˗", "-")
)
_NO_DIGITS = ("<super>", "<fraction>")
_DASHES = "—―"
_READ_ALOUD = "°‰‱"
_KEYCAP = re.compile("[0-9#*]\u20e3")
_EMOTICON = re.compile(r"(?<!\S)(?:[:;]'?-?[DPpOo]|<3+)(?!\S)")
_INITIALS = re.compile(r"(?<!\w)(?:[a-z]\.)+[a-z]\.?(?!\w)")
_OPENING_QUOTE = re.compile(r"^[\"(\[]*'(?!(?:s|d|m|re|ve|ll)\b)")
_CLOSING_QUOTE = re.compile(r"(?<=[^\ws])'(?!\w)|(?<=[a-rt-z0-9])'(?!\w)")
_MARK = re.compile(r'["()\[\]{}*~^|\\_]|[-=]+>|<-+|(?<!\d)[,;:.—―]|[,;:.—―](?!\d)|[!?]|--+')
_HOUR = re.compile(r"(?<=\d)(?=(?:am|pm)(?!\w))")
_PHRASES = {
    ("any", "more"): "anymore",
    ("per", "cent"): "percent",
    ("all", "right"): "alright",
    ("no", "one"): "no-one",
}
_PHRASE_STARTS = frozenset(first for first, _ in _PHRASES)
_HOURS = frozenset(str(hour) for hour in range(1, 13))
_CACHED = 8_192


def words(text: str, language: Language = "en") -> list[str]:
    """Return the words of `text` as they are compared.

    >>> words("She doesn’t like the COLOUR of 25 cars!")
    ['she', 'does', 'not', 'like', 'the', 'color', 'of', '25', 'cars']
    """
    return [token.text for token in tokens(text, language)]


@lru_cache(maxsize=_CACHED)
def tokens(text: str, language: Language = "en") -> tuple[Token, ...]:
    """Return the words of `text` as they are compared, with their places in it."""
    typed = typed_words(text)
    pieces = _english_pieces if language == "en" else _indonesian_pieces
    found = [
        Token(piece, piece, place, place, is_slip)
        for place, word in enumerate(typed)
        for piece, is_slip in pieces(word)
    ]
    if language == "id":
        found = _with_reduplication(found)
        found = _with_numbers(
            found, indonesian_numbers.NUMBER_WORDS, indonesian_numbers.read_number
        )
    else:
        found = _with_readings(_with_phrases(found))
        found = _with_numbers(found, numbers.NUMBER_WORDS, numbers.read_number)
    if not found:  # an answer may be a mark: "?"
        return tuple(Token(_fold(w) or w, w, n, n) for n, w in enumerate(typed))
    return tuple(found)


def typed_words(text: str) -> list[str]:
    """Return the words of `text` as they were typed, without what nobody sees.

    The places of a `Token` count these words.
    """
    return visible(text).split()


def as_looked_up(text: str) -> str:
    """Return a word or sentence with composed letters, straight quotes and plain hyphens.

    >>> as_looked_up("  I’m\u200b  e‑mailing ")
    "I'm e-mailing"
    """
    return unicodedata.normalize("NFC", " ".join(typed_words(text)).translate(_ALIKE))


def _fold(word: str) -> str:
    """Return a typed word in small plain letters, with a space for each symbol."""
    word = _EMOTICON.sub(" ", word).translate(_ALIKE)
    if word.isascii():
        return word.lower()
    folded = unicodedata.normalize("NFD", _KEYCAP.sub(" ", word).casefold())
    plain = "".join(map(_plain, folded)).translate(_ALIKE)
    return unicodedata.normalize("NFC", plain).strip()


@lru_cache(maxsize=_CACHED)
def _plain(letter: str) -> str:
    """Return a character without accents and fonts; a space for one that is no part of a word."""
    if letter.isascii():
        return letter
    if unicodedata.combining(letter):
        return ""
    if unicodedata.decomposition(letter).startswith(_NO_DIGITS):
        return " " if _is_symbol(letter) else letter
    if unicodedata.decomposition(letter).startswith("<circle>"):
        return " "
    letters = unicodedata.normalize("NFKD", letter.translate(_ALIKE)).casefold()
    kept = (" " if _is_symbol(c) else c for c in letters if not unicodedata.combining(c))
    return "".join(kept)


def _is_symbol(letter: str) -> bool:
    """Return whether a character is an emoji, a drawing or a foreign mark, so no part of a word."""
    if letter.isascii() or letter in _READ_ALOUD or letter in _DASHES:
        return False
    kind = unicodedata.category(letter)
    if kind == "Sm":
        return not "\u2200" <= letter <= "\u22ff" and letter > "\u2044"
    return kind[0] == "P" or kind in {"So", "Sk", "Me", "Co", "Cn"}


@lru_cache(maxsize=_CACHED)
def _english_pieces(word: str) -> tuple[tuple[str, bool], ...]:
    """Return the words in one typed word, each with whether it lacked its apostrophe."""
    pieces: list[tuple[str, bool]] = []
    line = _OPENING_QUOTE.sub("", _fold(word))
    line = _INITIALS.sub(lambda found: found[0].replace(".", ""), line)
    line = _MARK.sub(" ", _CLOSING_QUOTE.sub("", line))
    for part in _HOUR.sub(" ", line).split():
        plain = part.strip("-")
        numeral = plain.split("-")
        whole = numeral if all(n in numbers.NUMBER_WORDS for n in numeral) else [plain]
        for single in filter(None, whole):
            slip = mended(single)
            pieces += [
                (american(numbers.as_figures(w)), bool(slip)) for w in take_apart(slip or single)
            ]
    return tuple(pieces)


def _with_phrases(found: list[Token]) -> list[Token]:
    """Return the tokens with "any more" as one word."""
    result: list[Token] = []
    for token in found:
        before = result[-1] if result else None
        if before and before.text in _PHRASE_STARTS:
            joined = _PHRASES.get((before.text, token.text))
            if joined:
                result[-1] = Token(joined, joined, before.first, token.last)
                continue
        result.append(token)
    return result


def _with_readings(found: list[Token]) -> list[Token]:
    """Return the tokens with "'s" and "'d" as the words that they stand for, where that is sure."""
    if not any(token.text in READINGS for token in found):
        return found
    texts = [token.text for token in found]
    for place in range(len(texts) - 1, -1, -1):  # from the end: what follows decides
        if texts[place] in READINGS:
            texts[place] = reading(texts, place)
    return [token._replace(text=text) for token, text in zip(found, texts, strict=True)]


def _with_numbers(
    found: list[Token],
    starts: frozenset[str],
    read: Callable[[list[str], int], tuple[str, int] | None],
) -> list[Token]:
    """Return the tokens with numbers in figures, and hours without "o'clock"."""
    if not any(token.text in starts or token.text == "o'clock" for token in found):
        return found
    texts = [token.text for token in found]
    result: list[Token] = []
    place = 0
    while place < len(found):
        token = found[place]
        number = read(texts, place) if token.text in starts else None
        if number:
            figures, end = number
            raw = token.raw if end == place + 1 else figures
            result.append(Token(figures, raw, token.first, found[end - 1].last))
            place = end
            continue
        if token.text == "o'clock" and result and result[-1].text in _HOURS:
            result[-1] = result[-1]._replace(last=token.last)
        else:
            result.append(token)
        place += 1
    return result


@lru_cache(maxsize=_CACHED)
def _indonesian_pieces(word: str) -> tuple[tuple[str, bool], ...]:
    line = _MARK.sub(" ", _CLOSING_QUOTE.sub("", _OPENING_QUOTE.sub("", _fold(word))))
    return tuple((indonesian_numbers.as_figures(part), False) for part in line.split())


def _with_reduplication(found: list[Token]) -> list[Token]:
    """Return the tokens with "anak - anak" joined, and without other hyphens at their ends."""
    result: list[Token] = []
    hyphen = False
    for token in found:
        plain = token.text.strip("-")
        before = result[-1].text if result else ""
        hyphen = hyphen or token.text.startswith("-")
        if plain and hyphen and before and (plain in before or before in plain):
            joined = f"{before}-{plain}"
            result[-1] = Token(joined, joined, result[-1].first, token.last)
        elif plain:
            result.append(token._replace(text=plain, raw=plain))
        hyphen = token.text.endswith("-")
    return result
