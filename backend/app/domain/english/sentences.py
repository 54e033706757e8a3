"""Words in a row as a sentence is written."""

_ASKING = frozenset(
    """
    what where when who whose which why how am is are was were do does did have has had can could
    will would shall should may might must isn't aren't wasn't weren't don't doesn't didn't haven't
    hasn't can't couldn't won't wouldn't shouldn't
    """.split()
)


def as_sentence(text: str) -> str:
    """Return words in a row with a capital and a full stop, unless they have a stop of their own.

    A question is known by its first word, and ends with a question mark.
    """
    if not text or text[-1] in ".?!":
        return text
    is_question = text.split(maxsplit=1)[0].lower() in _ASKING
    return f"{text[0].upper()}{text[1:]}{'?' if is_question else '.'}"
