"""Item response theory for the placement test: ability, the next question, the end, the result.

The model has one parameter an item (Rasch's): a learner of ability θ answers an item of difficulty
b right with the probability P = 1 / (1 + exp(a · (b - θ))). Ability and difficulty share a scale on
which the abilities of learners have mean 0 and standard deviation 1; the discrimination a, the same
for all items, is the number of logits to one step of that scale. Sources:

- Rasch, Probabilistic Models for Some Intelligence and Attainment Tests (1960);
- Bock and Mislevy, Adaptive EAP Estimation of Ability in a Microcomputer Environment (Applied
  Psychological Measurement 6, 1982);
- Kingsbury and Zara, Procedures for Selecting Items for Computerized Adaptive Tests (Applied
  Measurement in Education 2, 1989), for content balance and the choice among the best few;
- Weiss and Kingsbury, Application of Computerized Adaptive Testing to Educational Problems (Journal
  of Educational Measurement 21, 1984), for ending as soon as the decision is clear.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log1p, sqrt
from uuid import UUID

DISCRIMINATION = 2.0
LEVEL_DIFFICULTIES = {"A1": -1.75, "A2": -0.55, "B1": 0.65, "B2": 1.85}
"""The difficulty of a level's medium question.

Levels are 1.2 apart, that is 2.4 logits; the bands of the CEFR were found to be some 2 logits wide
(North, The Development of a Common Framework Scale of Language Proficiency, 2000). Three quarters
of A1, of A2 and of B1 are then answered right (difficulty + ln 3 / a) from -1.2, 0 and 1.2 on: the
levels divide the learners of one course evenly around their middle. A convention, until there are
answers enough to calibrate items.
"""
LEVEL_DISTANCE = 1.2
DIFFICULTY_STEP = 0.15
"""What one step of a question's difficulty (1 to 5) adds: levels come close, but do not overlap."""
MEDIUM_DIFFICULTY = 3
MASTERY = 0.75
"""Material is behind a learner who is expected to answer this share of it right."""

LEAST_ITEMS, MOST_ITEMS = 8, 20
"""A reading may be the last of them: it takes as long as five others."""
USUAL_ITEMS = 14
"""The median of 2,000 simulated learners on our path; nine of ten need less than nine minutes."""
PRECISE = 0.3
"""The standard error that is precise enough to stop at."""
CLEAR = 1.645
"""How many standard errors to either side hold the ability with a probability of 90 %."""
BEST_SHARE = 0.75
"""An item is among the best when it gives this share of the information that the best one gives."""
BEST_FEW = 5

_GRID = [step * 0.075 for step in range(-80, 81)]
_PRIOR = [-(ability**2) / 2 for ability in _GRID]


@dataclass(frozen=True, slots=True)
class Item:
    """A question as the test sees it."""

    id: UUID
    difficulty: float
    skill: str
    is_reading: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """An ability with its standard error."""

    ability: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class UnitMaterial:
    """A unit in its place on the path, with the difficulties of its questions."""

    id: UUID
    level: str
    difficulties: tuple[float, ...]


def item_difficulty(level: str, difficulty: int) -> float:
    """Return where a question of `level` and `difficulty` (1 to 5) is on the scale."""
    return LEVEL_DIFFICULTIES[level] + DIFFICULTY_STEP * (difficulty - MEDIUM_DIFFICULTY)


def probability(ability: float, difficulty: float) -> float:
    """Return how likely a right answer is."""
    return 1 / (1 + exp(DISCRIMINATION * (difficulty - ability)))


def information(ability: float, difficulty: float) -> float:
    """Return what an answer would tell about the ability (Fisher information): a² · P · (1 - P)."""
    right = probability(ability, difficulty)
    return DISCRIMINATION**2 * right * (1 - right)


def estimate(
    answers: Iterable[tuple[float, float]], discrimination: float = DISCRIMINATION
) -> Estimate:
    """Return the ability that `answers`, as (difficulty, score from 0 to 1), speak for.

    The mean and standard deviation of the posterior (expected a posteriori, EAP) with a standard
    normal prior, on 161 points from -6 to 6. A partial score s counts as a share s of a right and
    1 - s of a wrong answer: log L = Σ s·log P + (1 - s)·log(1 - P). Without answers the prior.
    """
    log_posterior = _PRIOR
    for difficulty, score in answers:
        log_posterior = [
            so_far + score * logit - log1p(exp(logit))
            for so_far, logit in zip(
                log_posterior,
                (discrimination * (ability - difficulty) for ability in _GRID),
                strict=True,
            )
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
    """Return the item to ask next; None when none is left. A reading is never chosen here.

    Among the unused items that tell nearly as much as the best one, those of
    the skill that was asked least come first; of their best few the test's own draw takes one, so
    that not everybody meets the same questions. The same arguments give the same item.
    """
    used = {item.id for item in asked}
    open_items = [item for item in items if item.id not in used and not item.is_reading]
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


def choose_reading(
    items: Iterable[Item], asked: Sequence[Item], ability: float, test_id: UUID
) -> Item | None:
    """Return the reading to confirm the estimate with, the last item of a test.

    It is the one that tells most, as long as it is less than a level away from the ability. None
    when there is no such reading, and once one was asked.
    """
    if any(item.is_reading for item in asked):
        return None
    near = [
        item
        for item in items
        if item.is_reading and abs(item.difficulty - ability) < LEVEL_DISTANCE
    ]
    return max(
        near,
        key=lambda item: (information(ability, item.difficulty), _draw(test_id, item.id)),
        default=None,
    )


def share_answered(answered: int) -> float:
    """Return how far a test is after so many answers, from 0 to 1: it only grows.

    Nobody knows where a test will end. The share is quick at first, where it cannot end yet, and
    leaves room for the longest one: 1 - (1 - n / most)^2, 91 % after the usual number of items.
    """
    return 1 - (1 - min(answered, MOST_ITEMS) / MOST_ITEMS) ** 2


def _draw(test_id: UUID, item_id: UUID) -> bytes:
    """Return the item's lot in this test: the same everywhere, different in every test."""
    return hashlib.blake2b(item_id.bytes, key=test_id.bytes, digest_size=8).digest()


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


def is_enough(answered: int, found: Estimate, units: Sequence[UnitMaterial]) -> bool:
    """Return whether the test can end after `answered` items.

    It has 8 items at least, and 19 at most before a reading. In between it ends when the estimate
    is precise, or when the learner starts with the same unit wherever the ability lies in its 90 %
    interval: nobody has to fail at twenty questions to be told to begin at the beginning.
    """
    if not LEAST_ITEMS <= answered < MOST_ITEMS - 1:
        return answered >= MOST_ITEMS - 1
    margin = CLEAR * found.standard_error
    low, high = (starting_unit(units, found.ability + side) for side in (-margin, margin))
    return low == high or found.standard_error <= PRECISE
