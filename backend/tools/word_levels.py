"""Warnings about words that are too hard for a lesson; the word levels come as a function."""

import re
from collections.abc import Callable, Iterator

import cefrpy

from app.domain.curriculum.files import Content, LessonFile, Problem
from app.models.base import LEVELS
from app.questions.documents.sections import DialogueSection, ExamplesSection, VocabularySection

LevelOf = Callable[[str], float | None]

_WORD = re.compile(r"(?<![\w'’-])[a-z]{3,}(?![\w'’-])")
_QUOTED = re.compile(r"“([^”]*)”")
_TRANSLATE = re.compile(r"translate", re.IGNORECASE)
_SHORTEST_STEM = 4
_INSTRUCTIONS = frozenset(
    {"dialogue", "gap", "gaps", "means", "paragraph", "sentence", "sentences"}
)


def cefr_levels() -> LevelOf:
    """Return a function from an English word to its CEFR level (A1 = 1 … C2 = 6).

    The levels are those of cefrpy; a word with several parts of speech has that of its easiest.
    """
    analyzer = cefrpy.CEFRAnalyzer()

    def level_of(word: str) -> float | None:
        levels = analyzer.get_pos_level_dict_for_word(word, word_level_as_float=True)
        return min(levels.values()) if levels else None

    return level_of


def find_hard_words(content: Content, level_of: LevelOf) -> list[Problem]:
    """Return the words of each lesson's English that are above its level.

    One warning lists those more than one level above it, which weigh more, and one the others.

    Left out: names (capital letters), words of the lesson's own topic, and words that our
    vocabulary explains in this lesson or at this level or below, and the words of instructions.
    """
    warnings = []
    for lesson in content.lessons():
        known = _known_words(lesson.document, content)
        own = LEVELS.index(lesson.document.level) + 1
        above = {
            word: level - own
            for word in sorted(set(_words(lesson.document)))
            if (level := round(level_of(word) or 0)) > own
            and not any(_same_family(word, k) for k in known)
        }
        far = [word for word, levels in above.items() if levels > 1]
        near = [word for word, levels in above.items() if levels == 1]
        for words, distance in ((far, "more than one level"), (near, "one level")):
            if words:
                message = f"{distance} above {lesson.document.level}: {', '.join(words)}"
                warnings.append(lesson.problem(message, "level"))
    return warnings


def _known_words(lesson: LessonFile, content: Content) -> frozenset[str]:
    listed = {
        slug
        for section in lesson.sections
        if isinstance(section, VocabularySection)
        for slug in section.entries
    }
    texts = [lesson.title, lesson.topic, *lesson.tags]
    texts += [
        word.headword
        for word in content.words()
        if word.slug in listed or LEVELS.index(word.level) <= LEVELS.index(lesson.level)
    ]
    return _INSTRUCTIONS | {word for text in texts for word in re.findall(r"[a-z]+", text.lower())}


def _words(lesson: LessonFile) -> Iterator[str]:
    for text in _english(lesson):
        yield from _WORD.findall(text)


def _english(lesson: LessonFile) -> Iterator[str]:
    for question in lesson.questions:
        # What is to be translated stands in quotation marks, in Indonesian.
        is_translation = _TRANSLATE.search(question.stem)
        yield _QUOTED.sub(" ", question.stem) if is_translation else question.stem
    for section in lesson.sections:
        if isinstance(section, ExamplesSection):
            yield from (item.en for item in section.items)
        elif isinstance(section, DialogueSection):
            yield from (line.en for line in section.lines)


def _same_family(word: str, known: str) -> bool:
    """Return whether `word` looks like a form of `known`: studies of study, not carry of car."""
    stem = known[: max(_SHORTEST_STEM, len(known) - 1)]
    return word == known or (len(known) >= _SHORTEST_STEM and word.startswith(stem))
