"""How many answers a second are read and graded, on one core: no database, no HTTP.

Half of the answers are right. Typed ones are all different, as those of many learners are, so that
only what is known of the question itself comes from a cache.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random
from typing import Any

from pydantic import TypeAdapter

from app.questions.grades import GradedQuestion
from app.questions.grading import grade, parse_response
from app.questions.types import AnswerKey, Options

CHOICE_TARGET = 10_000
TYPED_TARGET = 2_000
ANSWERS = 20_000
JSON = dict[str, Any]

TENSES = [
    {"id": name, "text": text}
    for name, text in zip("abcd", ("go", "goes", "is going", "went"), strict=True)
]
TILES = [
    {"id": f"t{n}", "text": text}
    for n, text in enumerate(("what", "time", "does", "your", "sister", "usually", "get", "up"))
]
LEFT = [{"id": f"l{n}", "text": f"word {n}"} for n in range(6)]
RIGHT = [{"id": f"r{n}", "text": f"meaning {n}"} for n in range(6)]
SENTENCES = [
    "My older sister has been working in Surabaya since last year.",
    "My older sister has worked in Surabaya since last year.",
    "Since last year my older sister has been working in Surabaya.",
]
FAULTY = "My older sister has been work in Surabaya since last year."
SPOKEN = {"speech": SENTENCES[0], "audio": None}
ASKED = {"text": "Kakak perempuan saya sudah bekerja di Surabaya sejak tahun lalu."}


@dataclass(frozen=True, slots=True)
class Rate:
    """Answers graded a second, beside the least that is wanted."""

    name: str
    per_second: float
    target: int

    @property
    def is_met(self) -> bool:
        """Whether the target is reached."""
        return self.per_second >= self.target


def rates(seconds: float) -> list[Rate]:
    """Measure each type for about `seconds` of processor time."""
    random = Random(1)
    chosen = [(CHOICE_TARGET, *case) for case in _chosen(random)]
    typed = [(TYPED_TARGET, *case) for case in _typed(random)]
    return [
        Rate(kind, _rate(_question(kind, key, options), answers, seconds), target)
        for target, kind, key, options, answers in (*chosen, *typed)
    ]


def _rate(question: GradedQuestion, answers: Sequence[JSON], seconds: float) -> float:
    """Return answers a second of this process's own time: other processes do not count."""
    grade(question, parse_response(question, answers[0]))
    done, started = 0, time.process_time()
    waiting = cycle(answers)
    while (taken := time.process_time() - started) < seconds:
        for answer in islice(waiting, 100):
            grade(question, parse_response(question, answer))
        done += 100
    return done / taken


def _question(kind: str, key: JSON, options: JSON | None) -> GradedQuestion:
    return GradedQuestion(
        TypeAdapter[Any](AnswerKey).validate_python({"type": kind, **key}),
        options and TypeAdapter[Any](Options).validate_python({"type": kind, **options}),
    )


Case = tuple[str, JSON, JSON | None, list[JSON]]
"""Type, answer key, options and answers."""


def _chosen(random: Random) -> Iterator[Case]:
    def answers(kind: str, field: str, right: Any, wrong: Any) -> list[JSON]:
        return [{"type": kind, field: value} for _ in range(50) for value in (right, wrong())]

    def some(ids: Sequence[str]) -> list[str]:
        return random.sample(ids, random.randint(1, len(ids)))

    kind, offered = "multiple_choice", {"choices": TENSES}
    yield kind, {"choice": "b"}, offered, answers(kind, "choice", "b", lambda: "a")
    kind = "multiple_answer"
    yield (
        kind,
        {"choices": ["a", "b"]},
        offered,
        answers(kind, "choices", ["a", "b"], lambda: some("abcd")),
    )
    kind = "true_false"
    yield kind, {"value": True}, None, answers(kind, "value", True, lambda: False)
    kind = "cloze_choice"
    yield (
        kind,
        {"gaps": ["b", "a", "d"]},
        {"gaps": [TENSES] * 3},
        answers(kind, "gaps", ["b", "a", "d"], lambda: random.choices("abcd", k=3)),
    )
    kind, pairs = "matching", {f"l{n}": f"r{n}" for n in range(6)}
    yield (
        kind,
        {"pairs": pairs},
        {"left": LEFT, "right": RIGHT},
        answers(
            kind,
            "pairs",
            pairs,
            lambda: dict(zip(pairs, random.sample(sorted(pairs.values()), 6), strict=True)),
        ),
    )
    kind, order = "ordering", [tile["id"] for tile in TILES]
    yield (
        kind,
        {"orders": [order]},
        {"tokens": TILES},
        answers(kind, "order", order, lambda: some(order)),
    )


def _typed(random: Random) -> Iterator[Case]:
    answers = list(islice(_answers(random), ANSWERS))
    for kind, key, options in (
        ("short_answer", {}, None),
        ("translation", {}, {"direction": "to_english", **ASKED}),
        ("dictation", {}, SPOKEN),
        ("error_correction", {}, {"text": FAULTY}),
    ):
        sent = [{"type": kind, "text": text} for text in answers]
        yield kind, {"accepted": SENTENCES, **key}, options, sent
    gaps = [["has been"], ["since"], ["working", "employed"]]
    words = ["has been", "since", "working", "have been", "for", "worked", "wroking", "sience"]
    sent = [{"type": "fill_blank", "gaps": random.choices(words, k=3)} for _ in range(ANSWERS)]
    yield "fill_blank", {"gaps": gaps}, None, sent


def _answers(random: Random) -> Iterator[str]:
    """Yield accepted sentences, each with capitals of its own, and wrong ones in turn."""
    while True:
        words = random.choice(SENTENCES).split()
        yield " ".join(random.choice((str.lower, str.title, str.upper))(word) for word in words)
        words = random.choice(SENTENCES).split()
        for _ in range(random.randint(1, 3)):
            place = random.randrange(len(words) - 1)
            match random.randrange(4):
                case 0:
                    del words[place]
                case 1:
                    words[place], words[place + 1] = words[place + 1], words[place]
                case 2:
                    words[place] = random.choice(("the", "works", "for", "have", "is", "on"))
                case _:
                    word = words[place]
                    words[place] = f"{word[:2]}{random.choice('aeiou')}{word[2:]}"
        yield " ".join(words)
