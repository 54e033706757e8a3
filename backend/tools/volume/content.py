"""Generated questions and lessons: texts whose words are as unequally common as real ones."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.models.base import LEVELS, SKILLS
from app.questions.stems import GAP
from tools.volume.rows import NULL, document, time_ordered_id
from tools.volume.words import (
    ADJECTIVES,
    HINTS,
    NOUNS,
    PEOPLE,
    TIMES,
    TOPICS,
    VERBS,
    Words,
)

OLDEST_DAYS = 730
STATUSES, STATUS_SHARES = ("published", "draft", "archived"), (95, 4, 1)
QUESTIONS_A_LESSON = 10
QUESTION_COLUMNS = (
    "id", "stem", "type", "options", "answer_key", "explanation", "level", "skill", "difficulty",
    "slug", "status", "tags", "translations", "created_at", "updated_at",
)  # fmt: skip
LESSON_COLUMNS = (
    "id", "title", "slug", "level", "skill", "topic", "sections", "status", "summary", "tags",
    "translations", "published_at", "created_at", "updated_at",
)  # fmt: skip
LESSON_QUESTION_COLUMNS = ("lesson_id", "question_id", "position")

Question = tuple[str, dict[str, Any] | None, dict[str, Any]]
"""Stem, options and answer key."""


class Writer:
    """Writes questions and lessons, and remembers which ids they were given."""

    def __init__(self, random: Random, now: datetime) -> None:
        self.random = random
        self.words = Words(random)
        self.now = now
        self._questions: list[str] = []
        self._lessons: list[str] = []
        self._kinds: list[Callable[[], Question]] = [
            self._multiple_choice, self._fill_blank, self._true_false, self._short_answer,
            self._ordering,
        ]  # fmt: skip

    def question_rows(self, count: int) -> Iterator[str]:
        """Yield `count` questions, written over the last two years, the oldest first."""
        for number in range(count):
            created = self.now - timedelta(days=OLDEST_DAYS * (count - number) / count)
            stem, options, key = self.random.choices(self._kinds, (45, 25, 10, 10, 10))[0]()
            topic = self.words.pick(TOPICS)
            status = self.random.choices(STATUSES, STATUS_SHARES)[0]
            question_id = time_ordered_id(created, number)
            if status == "published":
                self._questions.append(question_id)
            hint = self.random.choice(HINTS)
            explanation = (
                f"This is {topic}: {self.words.pick(VERBS)} goes with {self.words.pick(TIMES)}."
            )
            translations = {
                "id": {
                    "stem": f"{hint}: {stem}",
                    "explanation": f"Ini {topic}; perhatikan kata {self.words.pick(NOUNS)}.",
                }
            }
            fields = (
                question_id, stem, key["type"], document(options) if options else NULL,
                document(key), explanation, self.random.choice(LEVELS),
                self.random.choice(SKILLS[:3]), str(self.random.randint(1, 5)),
                f"volume-{question_id}", status, f"{{{topic}}}", document(translations),
                str(created), str(created),
            )  # fmt: skip
            yield "\t".join(fields) + "\n"

    def lesson_rows(self, count: int) -> Iterator[str]:
        """Yield `count` lessons outside any unit, so that the learners' path stays as it is."""
        for number in range(count):
            created = self.now - timedelta(days=OLDEST_DAYS * (count - number) / count)
            lesson_id = time_ordered_id(created, number)
            self._lessons.append(lesson_id)
            topic, noun = self.words.pick(TOPICS), self.words.pick(NOUNS)
            title = f"{topic.capitalize()}: {noun} and {self.words.pick(NOUNS)}"
            status = self.random.choices(STATUSES, STATUS_SHARES)[0]
            published = str(created + timedelta(hours=2)) if status == "published" else NULL
            fields = (
                lesson_id, title, f"volume-{lesson_id}", self.random.choice(LEVELS),
                self.random.choice(SKILLS[:3]), topic, document(self._sections(topic)), status,
                f"Talk about the {noun} with {topic}.", f"{{{topic}}}",
                document({"id": {"title": f"Belajar {topic}: {noun}"}}), published,
                str(created), str(created),
            )  # fmt: skip
            yield "\t".join(fields) + "\n"

    def lesson_question_rows(self) -> Iterator[str]:
        """Yield the places of the published questions in the lessons that were written."""
        size = min(QUESTIONS_A_LESSON, len(self._questions))
        for lesson_id in self._lessons:
            chosen = self.random.sample(self._questions, size)
            for position, question_id in enumerate(chosen, 1):
                yield f"{lesson_id}\t{question_id}\t{position}\n"

    def _sections(self, topic: str) -> list[dict[str, Any]]:
        examples = [
            {"en": self._sentence(), "id": f"Contoh {self.words.pick(NOUNS)}."} for _ in range(6)
        ]
        body = " ".join(self._sentence() for _ in range(8))
        return [
            {
                "kind": "explanation",
                "title": {"en": topic.capitalize(), "id": f"Tentang {topic}"},
                "body": {"en": body, "id": f"Pelajari {topic} dengan contoh di bawah ini."},
            },
            {
                "kind": "examples",
                "title": {"en": "Examples", "id": "Contoh"},
                "items": examples,
            },
        ]

    def _sentence(self, verb: str | None = None) -> str:
        """Return a sentence; one in four names a place that hardly another one names."""
        pick = self.words.pick
        place = self.words.name() if self.random.random() < 0.25 else f"the {pick(NOUNS)}"
        return (
            f"{pick(PEOPLE)} {verb or pick(VERBS)} the {pick(ADJECTIVES)} {pick(NOUNS)} "
            f"near {place} {pick(TIMES)}."
        )

    def _distinct_verbs(self, count: int) -> list[str]:
        verbs: dict[str, None] = {}
        while len(verbs) < count:
            verbs[self.words.pick(VERBS)] = None
        return list(verbs)

    def _multiple_choice(self) -> Question:
        verbs = self._distinct_verbs(4)
        choices = [{"id": name, "text": verb} for name, verb in zip("abcd", verbs, strict=True)]
        return (
            self._sentence(GAP),
            {"type": "multiple_choice", "choices": choices},
            {"type": "multiple_choice", "choice": self.random.choice("abcd")},
        )

    def _fill_blank(self) -> Question:
        verb = self.words.pick(VERBS)
        return f"{self._sentence(GAP)} ({verb})", None, {"type": "fill_blank", "gaps": [[verb]]}

    def _true_false(self) -> Question:
        stem = f'"{self._sentence()}" is correct English.'
        return stem, None, {"type": "true_false", "value": self.random.random() < 0.5}

    def _short_answer(self) -> Question:
        noun = self.words.pick(NOUNS)
        stem = f"Which word means the same as {noun} here? {self._sentence()}"
        return stem, None, {"type": "short_answer", "accepted": [noun]}

    def _ordering(self) -> Question:
        words = self._sentence().rstrip(".").split()
        ids = [f"w{place}" for place in range(len(words))]
        tokens = [{"id": key, "text": word} for key, word in zip(ids, words, strict=True)]
        self.random.shuffle(tokens)
        stem = f"Put the words in order: {' / '.join(token['text'] for token in tokens)}"
        return (
            stem,
            {"type": "ordering", "tokens": tokens},
            {"type": "ordering", "orders": [ids]},
        )
