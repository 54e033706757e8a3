"""The order in which a learner sees the choices: random between learners, the same on every look.

The order follows from the seed and the ids alone, through BLAKE2b: it is the same in every process,
on every machine and in every version of Python, and does not depend on how the question is stored.
"""

from collections.abc import Iterable
from hashlib import blake2b
from itertools import islice, permutations
from uuid import UUID

from app.questions.documents import (
    AnswerKey,
    Choice,
    ChoiceOptions,
    ClozeOptions,
    MatchingOptions,
    Options,
    OrderingKey,
    OrderingOptions,
    ReadingKey,
    ReadingOptions,
    ReadingPart,
)
from app.questions.grading.choices import labels_of
from app.questions.grading.grades import GradedQuestion

_TRIED_ORDERS = 5_000


def shuffle_seed(user_id: UUID, question_id: UUID, round_number: int) -> int:
    """Return the seed (31 bits) of one learner's question; `round_number` counts their attempts."""
    name = user_id.bytes + question_id.bytes + str(round_number).encode()
    return int.from_bytes(blake2b(name, digest_size=4).digest(), "big") >> 1


def shuffled(question: GradedQuestion, seed: int) -> Options | None:
    """Return the options of `question` in the order of `seed`, to be shown.

    Shuffled are choices, the choices of each gap, the right column of a matching and tiles, which
    never come out in a right order (unless every order is right). The parts of a reading keep
    their order, as questions follow the text; the choices within them are shuffled.
    """
    return None if question.options is None else _shuffled(question.key, question.options, seed, "")


def _shuffled(key: AnswerKey, options: Options, seed: int, place: str) -> Options:
    match options:
        case ChoiceOptions():
            choices = _in_turn(options.choices, seed, place)
            return options.model_copy(update={"choices": choices})
        case ClozeOptions():
            gaps = [_in_turn(gap, seed, f"{place}/{n}") for n, gap in enumerate(options.gaps)]
            return options.model_copy(update={"gaps": gaps})
        case MatchingOptions():
            return options.model_copy(update={"right": _in_turn(options.right, seed, place)})
        case OrderingOptions() if isinstance(key, OrderingKey):
            tokens = _scrambled(_in_turn(options.tokens, seed, place), key)
            return options.model_copy(update={"tokens": tokens})
        case ReadingOptions() if isinstance(key, ReadingKey):
            parts = [_shuffled_part(key, part, seed) for part in options.parts]
            return options.model_copy(update={"parts": parts})
        case _:
            return options


def _shuffled_part(key: ReadingKey, part: ReadingPart, seed: int) -> ReadingPart:
    if part.options is None or part.id not in key.parts:
        return part
    options = _shuffled(key.parts[part.id], part.options, seed, part.id)
    return part.model_copy(update={"options": options})


def _in_turn(choices: list[Choice], seed: int, place: str) -> list[Choice]:
    """Return `choices` sorted by a number drawn for each from the seed, its place and its id."""
    drawn = seed.to_bytes(8, "big", signed=True)

    def turn(choice: Choice) -> bytes:
        return blake2b(f"{place}/{choice.id}".encode(), digest_size=8, key=drawn).digest()

    return sorted(choices, key=turn)


def _scrambled(tokens: list[Choice], key: OrderingKey) -> list[Choice]:
    """Return `tokens` as they are, or, when they show a right order, in another order."""
    labels = labels_of(tokens)
    orders = [[labels.get(token, token) for token in order] for order in key.orders]

    def shows_answer(tiles: Iterable[Choice]) -> bool:
        """Tell whether the tiles that an order uses stand in it, others among them or not."""
        texts = [tile.text for tile in tiles]
        return any(
            [text for text in texts if text in used] == order
            for order, used in ((order, set(order)) for order in orders)
        )

    if not shows_answer(tokens):
        return tokens
    others = islice(permutations(reversed(tokens)), _TRIED_ORDERS)
    return next((list(order) for order in others if not shows_answer(order)), tokens)
