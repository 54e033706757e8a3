"""Characters that nobody sees: format characters, fillers, joiners, variation selectors, controls.

They come along from chats, translators and emoji keyboards. Pure: texts in, texts out.
"""

import re
import unicodedata

# Everything that Unicode calls a format character (Cf) or default-ignorable, and control
# characters that are no white space. Numbers rather than characters: these cannot be read.
_INVISIBLE_RANGES = (
    *((0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F)),
    *((0x600, 0x605), (0x61C, 0x61C), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891)),
    *((0x8E2, 0x8E2), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F)),
    *((0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF)),
    *((0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0xFFFE, 0xFFFF), (0x110BD, 0x110BD)),
    *((0x110CD, 0x110CD), (0x13430, 0x1343F), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A)),
    (0xE0000, 0xE0FFF),
)
_INVISIBLE = re.compile(
    "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _INVISIBLE_RANGES) + "]"
)
# White space that is no plain space, tab or line end, and the empty Braille pattern.
_BLANK = re.compile("[\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000]")
_PICTOGRAPH = (
    "[\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_EMOJI = re.compile(
    f"{_PICTOGRAPH}(?:{_PICTOGRAPH}|[\u200d\ufe0e\ufe0f\U000e0020-\U000e007f])*|[0-9#*]\ufe0f\u20e3"
)


def visible(text: str) -> str:
    r"""Return `text` without the characters that nobody sees, and with plain spaces.

    Tabs and line ends stay. To compare words that people typed, compare
    `" ".join(visible(text).split())`.

    >>> visible("She\u200b is\xa0a tea\xadcher\ufe0f")
    'She is a teacher'
    """
    return _BLANK.sub(" ", _INVISIBLE.sub("", text))


def find_invisible(text: str) -> str | None:
    """Return the first character of `text` that nobody sees, as "U+200B ZERO WIDTH SPACE".

    What joins and colours emoji is part of them and does not count.
    """
    if not _INVISIBLE.search(text):
        return None
    found = _INVISIBLE.search(_EMOJI.sub("", text))
    if found is None:
        return None
    return f"U+{ord(found[0]):04X} {unicodedata.name(found[0], 'CONTROL CHARACTER')}"
