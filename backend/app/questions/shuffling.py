"""The order in which a learner sees the choices: random between learners, the same on every look.

The order follows from the seed and the ids alone, through BLAKE2b: it is the same in every process,
on every machine and in every version of Python, and does not depend on how the question is stored.
"""

from hashlib import blake2b
from uuid import UUID

from app.questions.choices import Choice


def shuffle_seed(user_id: UUID, question_id: UUID, round_number: int) -> int:
    """Return the seed (31 bits) of one learner's question; `round_number` counts their attempts."""
    name = user_id.bytes + question_id.bytes + str(round_number).encode()
    return int.from_bytes(blake2b(name, digest_size=4).digest(), "big") >> 1


def in_turn(choices: list[Choice], seed: int, place: str) -> list[Choice]:
    """Return `choices` sorted by a number drawn for each from the seed, its place and its id."""
    drawn = seed.to_bytes(8, "big", signed=True)

    def turn(choice: Choice) -> bytes:
        return blake2b(f"{place}/{choice.id}".encode(), digest_size=8, key=drawn).digest()

    return sorted(choices, key=turn)
