"""Item response theory for the placement test: ability, the next question, the end, the result.

The model is Rasch's (one parameter): a learner of ability θ answers an item of difficulty b right
with the probability P = 1 / (1 + exp(b - θ)), both in logits. Sources: Rasch, Probabilistic Models
for Some Intelligence and Attainment Tests (1960); Bock and Mislevy, Adaptive EAP Estimation of
Ability in a Microcomputer Environment (Applied Psychological Measurement 6, 1982); Kingsbury and
Zara, Procedures for Selecting Items for Computerized Adaptive Tests (Applied Measurement in
Education 2, 1989), for content balance and the choice among the best few.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log1p, sqrt
from uuid import UUID

LEVEL_DIFFICULTIES = {"A1": -2.3, "A2": -1.1, "B1": 0.1, "B2": 1.3}
"""The difficulty of a level's medium question, in logits.

Steps of 1.2 put the abilities at which three quarters of A1, of A2 and of B1 are answered right
(difficulty + ln 3) at -1.2, 0 and 1.2: the standard normal prior, the learners of one course, is
divided evenly around its middle. A convention until answers are many enough to calibrate items.
"""
DIFFICULTY_STEP = 0.2
"""Logits for one step of a question's difficulty (1 to 5): levels overlap, but do not swap."""
MEDIUM_DIFFICULTY = 3
MASTERY = 0.75
"""Material is behind a learner who is expected to answer this share of it right."""

LEAST_ITEMS, MOST_ITEMS = 8, 20
PRECISE = 0.5
"""The standard error, in logits, that is precise enough to stop at: after some 14 items, when about
70 % of learners are placed at exactly their level and the others next to it (see the tests)."""
BEST_SHARE = 0.75
"""An item is among the best when it gives this share of the information that the best one gives."""
BEST_FEW = 5

_GRID = [step * 0.075 for step in range(-80, 81)]
_PRIOR = [-(ability**2) / 2 for ability in _GRID]


@dataclass(frozen=True, slots=True)
class Item:
    """A question as the test sees it; `difficulty` is in logits.

    Items with the same `passage_id` are about one text: a learner meets one of them at most.
    """

    id: UUID
    difficulty: float
    skill: str
    passage_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """An ability with its standard error, in logits."""

    ability: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class UnitMaterial:
    """A unit in its place on the path, with the difficulties of its questions in logits."""

    id: UUID
    level: str
    difficulties: tuple[float, ...]


def item_difficulty(level: str, difficulty: int) -> float:
    """Return the difficulty in logits of a question of `level` and `difficulty` (1 to 5)."""
    return LEVEL_DIFFICULTIES[level] + DIFFICULTY_STEP * (difficulty - MEDIUM_DIFFICULTY)


def probability(ability: float, difficulty: float) -> float:
    """Return how likely a right answer is; both arguments are in logits."""
    return 1 / (1 + exp(difficulty - ability))


def information(ability: float, difficulty: float) -> float:
    """Return what an answer would tell about the ability (Fisher information): P · (1 - P)."""
    right = probability(ability, difficulty)
    return right * (1 - right)


def estimate(answers: Iterable[tuple[float, float]]) -> Estimate:
    """Return the ability that `answers`, as (difficulty in logits, score from 0 to 1), speak for.

    The mean and standard deviation of the posterior (expected a posteriori, EAP) with a standard
    normal prior, on 161 points from -6 to 6. A partial score s counts as a share s of a right and
    1 - s of a wrong answer: log L = Σ s·log P + (1 - s)·log(1 - P). Without answers the prior.
    """
    log_posterior = _PRIOR
    for difficulty, score in answers:
        log_posterior = [
            so_far + score * (ability - difficulty) - log1p(exp(ability - difficulty))
            for so_far, ability in zip(log_posterior, _GRID, strict=True)
        ]
    highest = max(log_posterior)
    weights = [exp(value - highest) for value in log_posterior]
    total = sum(weights)
    mean = sum(w * a for w, a in zip(weights, _GRID, strict=True)) / total
    variance = sum(w * (a - mean) ** 2 for w, a in zip(weights, _GRID, strict=True)) / total
    return Estimate(mean, sqrt(variance))


def choose_item(
    items: Iterable[Item], asked: Sequence[Item], ability: float, test_id: UUID
) -> Item | None:
    """Return the item to ask next; None when none is left.

    Among the unused items (and unread passages) that tell nearly as much as the best one, those of
    the skill that was asked least come first; of their best few the test's own draw takes one, so
    that not everybody meets the same questions. The same arguments give the same item.
    """
    used = {item.id for item in asked}
    passages = {item.passage_id for item in asked} - {None}
    open_items = [item for item in items if item.id not in used and item.passage_id not in passages]
    if not open_items:
        return None
    worth = {item.id: information(ability, item.difficulty) for item in open_items}
    least = BEST_SHARE * max(worth.values())
    best = [item for item in open_items if worth[item.id] >= least]
    times_asked = Counter(item.skill for item in asked)
    fewest = min(times_asked[item.skill] for item in best)
    balanced = [item for item in best if times_asked[item.skill] == fewest]
    balanced.sort(key=lambda item: (-worth[item.id], _draw(test_id, item.id)))
    return min(balanced[:BEST_FEW], key=lambda item: _draw(test_id, item.id))


def _draw(test_id: UUID, item_id: UUID) -> bytes:
    """Return the item's lot in this test: the same everywhere, different in every test."""
    return hashlib.blake2b(item_id.bytes, key=test_id.bytes, digest_size=8).digest()


def is_enough(answered: int, standard_error: float) -> bool:
    """Tell whether the test can end after `answered` items."""
    return answered >= MOST_ITEMS or (answered >= LEAST_ITEMS and standard_error <= PRECISE)


def expected_score(ability: float, difficulties: Sequence[float]) -> float:
    """Return the share, from 0 to 1, of such questions that the learner would answer right."""
    return sum(probability(ability, difficulty) for difficulty in difficulties) / len(difficulties)


def starting_unit(units: Sequence[UnitMaterial], ability: float) -> UnitMaterial | None:
    """Return the first unit of the path that is not behind the learner, else its last one.

    None when there are no units. A unit without questions is passed over.
    """
    measured = [unit for unit in units if unit.difficulties]
    for unit in measured:
        if expected_score(ability, unit.difficulties) < MASTERY:
            return unit
    return measured[-1] if measured else None
