"""The steps of a lesson: sections, and behind each the questions that stand there."""

from collections.abc import Sequence
from typing import Literal, NamedTuple


class Step(NamedTuple):
    """A section or a question, by its number from 1 among its kind."""

    kind: Literal["section", "question"]
    number: int


def steps_of(sections: int, places: Sequence[int]) -> list[Step]:
    """Return the steps of a lesson; `places` are the sections before each question, in order."""
    steps: list[Step] = []
    asked = 0
    for section in range(1, sections + 1):
        steps.append(Step("section", section))
        while asked < len(places) and places[asked] <= section:
            asked += 1
            steps.append(Step("question", asked))
    return steps + [Step("question", number) for number in range(asked + 1, len(places) + 1)]


def next_open(steps: Sequence[Step], sections_read: int, questions_attempted: int) -> Step | None:
    """Return the first step that was not done yet; None when all were."""
    done = {"section": sections_read, "question": questions_attempted}
    return next((step for step in steps if step.number > done[step.kind]), None)
