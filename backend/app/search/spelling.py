"""What every search box takes for the same spelling. Pure: no SQL.

Alike are: the Unicode forms of a character, every kind of hyphen and of apostrophe, a contraction
that lacks its apostrophe ("cant" finds "can't"), and a compound with a hyphen, as one word or as
two ("e-mail", "email", "e mail"). Invisible characters are ignored. Letter case and accents are
left to PostgreSQL (`lower`, `unaccent`). Full-text search asks the index for each way of writing.
"""

import re
import unicodedata

DASHES = "‐‑‒–—―−﹣－"
APOSTROPHES = "‘’‚‛ʼ′`´＇"
_INNER_DASH = re.compile(rf"(?<=\w)[{DASHES}](?=\w)")
_INNER_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
# Control characters (NUL among them) and lone surrogates cannot be stored as text.
_UNSTORABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
# What stands after an apostrophe: can't, it's, I'd, I'm, we're, I've, we'll.
_CONTRACTED = re.compile(r"(\w*n)(t)|(\w{2,}|i)(s|d|m|re|ve|ll)", re.IGNORECASE)
_NEGATION = re.compile(r"(?<=\w)n't\b", re.IGNORECASE)
_COMPOUND = re.compile(r"[a-z]{4,20}", re.IGNORECASE)
_WORDS_OF_ONE_LETTER = "ai"
_PHRASE_WORDS = range(3, 5)  # of two words, the phrase itself is found in a compound


def fold(text: str) -> str:
    """Return `text` with one kind of space, hyphen (within words) and apostrophe, all visible."""
    text = unicodedata.normalize("NFC", _UNSTORABLE.sub(" ", text))
    text = "".join(mark for mark in text if unicodedata.category(mark) != "Cf")
    text = _APOSTROPHE.sub("'", _INNER_DASH.sub("-", text))
    return " ".join(text.split())


def spellings(text: str) -> list[str]:
    """Return the ways in which a text may write the word or phrase `text` (folded), as given first.

    >>> spellings("e-mail")
    ['e-mail', 'e mail', 'email']
    >>> spellings("cant")
    ['cant', 'can t', 'c ant']

    A text's "e-mail" is indexed as that and as "e", "mail"; its "can't" as "can", "t".
    """
    words = text.split()
    pairs = range(len(words) - 1) if len(words) in _PHRASE_WORDS else ()
    found = [text, _INNER_HYPHEN.sub(" ", text), _INNER_HYPHEN.sub("", text)]
    found.append(_NEGATION.sub("nt", text))
    found += [" ".join([*words[:n], "-".join(words[n : n + 2]), *words[n + 2 :]]) for n in pairs]
    for place, word in enumerate(words):
        if contracted := _CONTRACTED.fullmatch(word):
            parts = filter(None, contracted.groups())
            found.append(" ".join([*words[:place], *parts, *words[place + 1 :]]))
    if _COMPOUND.fullmatch(text) and text[0].lower() not in _WORDS_OF_ONE_LETTER:
        found.append(f"{text[0]} {text[1:]}")
    return list(dict.fromkeys(found))


def compounds(text: str) -> list[str]:
    """Return every way in which a text may hyphenate the word `text`; nothing for a phrase.

    >>> compounds("email")
    ['e-mail', 'em-ail', 'ema-il', 'emai-l']
    """
    if not _COMPOUND.fullmatch(text):
        return []
    return [f"{text[:place]}-{text[place:]}" for place in range(1, len(text))]
