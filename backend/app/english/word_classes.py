"""The closed word classes of English, as far as a mistake in them has a name of its own."""

from enum import StrEnum

from app.english.inflection import Form
from app.english.lexicon import LEXICON, NOUN, VERB


class WordClass(StrEnum):
    """A closed class of words."""

    ARTICLE = "article"
    AUXILIARY = "auxiliary"
    DEGREE = "degree"
    NEGATION = "negation"
    PREPOSITION = "preposition"
    PRONOUN = "pronoun"


_MEMBERS = {
    WordClass.ARTICLE: "a an the",
    WordClass.AUXILIARY: (
        "am is are was were be been being do does did have has had will would can could shall "
        "should may might must"
    ),
    WordClass.DEGREE: "more most",
    WordClass.NEGATION: "not never",
    WordClass.PREPOSITION: (
        "about above across after against along among around at before behind below beside "
        "between beyond by during for from in inside into near of off on onto out outside over "
        "past since through to toward under until up upon with within without"
    ),
    WordClass.PRONOUN: (
        "i me my mine myself you your yours yourself he him his himself she her hers herself it "
        "its itself we us our ours ourselves they them their theirs themselves this that these "
        "those who whom whose which"
    ),
}
_CLASSES = {word: name for name, members in _MEMBERS.items() for word in members.split()}

TAKES_BASE_FORM = frozenset(
    "to do does did will would can could shall should may might must".split()
)
"""After these a verb has its base form."""

TAKES_PARTICIPLE = frozenset("have has had am is are was were be been being".split())
"""After these a verb has its past participle (or, after "be", its -ing form)."""

_DETERMINERS = frozenset(
    "a an the this that these those my your his her its our their some any no many few several "
    "all both more most other each every much".split()
)
_SUBJECTS = frozenset("i you he she it we they who which that".split())


def class_of(word: str) -> WordClass | None:
    """Return the closed class of a word: the → article; house → None."""
    return _CLASSES.get(word)


def is_verb_after(before: str, base: str) -> bool:
    """Guess whether `base`, which may be a noun and a verb, is a verb after the word `before`."""
    classes = LEXICON.get(base, "")
    if NOUN not in classes or VERB not in classes:
        return VERB in classes
    if before in _SUBJECTS and before not in _DETERMINERS:
        return True
    if before in _DETERMINERS or before[:1].isdigit() or class_of(before) == "preposition":
        return before in TAKES_BASE_FORM
    kinds = LEXICON.get(before, NOUN)  # a name is not in the list
    if kinds == "a":
        return False
    return bool(before) or classes.startswith(VERB)


def is_base_form(word: str, forms: set[Form]) -> bool:
    """Return whether a word with these possible forms can be a verb in its base form."""
    return Form.BASE in forms and (word == "be" or VERB in LEXICON.get(word, ""))
