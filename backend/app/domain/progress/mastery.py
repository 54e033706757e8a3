"""Mastery of a skill or topic: an estimate with its uncertainty, made from the answers given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import exp, exp2, lgamma, log
from uuid import UUID

HALF_LIFE_DAYS = 30
REPEAT_WEIGHT = 0.1
LEAST_ANSWERS = 5
INTERVAL = 0.8
_MEDIUM_DIFFICULTY, _DIFFICULTY_STEP = 3, 0.2
_TINY = 1e-300
_PRECISION = 1e-4


@dataclass(frozen=True, slots=True)
class Answer:
    """One graded answer: its score from 0 to 1, on which of the learner's days it was given.

    `difficulty` is the question's, from 1 (easy) to 5 (hard).
    """

    question_id: UUID
    day: date
    score: float
    difficulty: int


@dataclass(frozen=True, slots=True)
class Mastery:
    """The share of such questions that the learner would answer right now, from 0 to 1.

    The share lies between `low` and `high` with a probability of 80 %. `answers` is the evidence: a
    question counts once a day. The other three are None while there are fewer than five.
    """

    answers: int
    estimate: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def has_evidence(self) -> bool:
        """Whether there are answers enough for an estimate."""
        return self.estimate is not None


def mastery(answers: Iterable[Answer], today: date) -> Mastery:
    """Return what answers (in the order in which they were given) say about mastery today.

    The share θ of right answers has a uniform prior; each answer i with score sᵢ adds wᵢ·sᵢ right
    and wᵢ·(1 - sᵢ) wrong ones, so that

        θ ~ Beta(1 + Σ wᵢ·sᵢ, 1 + Σ wᵢ·(1 - sᵢ))

    with the mean as the estimate and the 10 % and 90 % quantiles as the interval. The weight

        wᵢ = 0.5^(age in days / 30) · (1 + 0.2·(difficulty - 3)) · (0.1 for a repeat, else 1)

    lets old answers fade, hard questions say more, and another answer to a question that was
    answered before on the same day say little: its solution had just been shown.

    Source: the Beta posterior of a proportion, Gelman et al., Bayesian Data Analysis (3rd ed.),
    section 2.4; fading evidence, Jøsang and Ismail, The Beta Reputation System (2002), section 3.
    """
    right = wrong = 1.0
    seen: set[tuple[UUID, date]] = set()
    for answer in answers:
        weight = _weight(answer, today, is_repeat=(answer.question_id, answer.day) in seen)
        seen.add((answer.question_id, answer.day))
        right += weight * answer.score
        wrong += weight * (1 - answer.score)
    if len(seen) < LEAST_ANSWERS:
        return Mastery(len(seen))
    tail = (1 - INTERVAL) / 2
    return Mastery(
        answers=len(seen),
        estimate=right / (right + wrong),
        low=beta_quantile(tail, right, wrong),
        high=beta_quantile(1 - tail, right, wrong),
    )


def _weight(answer: Answer, today: date, *, is_repeat: bool) -> float:
    age_days = max(0, (today - answer.day).days)
    difficulty = 1 + _DIFFICULTY_STEP * (answer.difficulty - _MEDIUM_DIFFICULTY)
    return exp2(-age_days / HALF_LIFE_DAYS) * difficulty * (REPEAT_WEIGHT if is_repeat else 1)


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return the x at which the Beta(a, b) distribution has reached `probability`, to four digits.

    `a` and `b` are at least 1.
    """
    low, high = 0.0, 1.0
    while high - low > _PRECISION / 2:
        middle = (low + high) / 2
        if beta_cdf(middle, a, b) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the regularized incomplete beta function I_x(a, b).

    Source: NIST Digital Library of Mathematical Functions, 8.17.22 (the continued fraction, summed
    by Lentz's method) and 8.17.4 (its mirror image, for the side where that converges slowly).
    """
    if x <= 0 or x >= 1:
        return min(max(x, 0.0), 1.0)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_cdf(1 - x, b, a)
    front = exp(a * log(x) + b * log(1 - x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a
    fraction = upper = 1.0
    lower, step, number = 0.0, 0.0, 0
    while abs(step - 1) > _PRECISION**2:
        number += 1
        part = _partial_numerator(number, x, a, b)
        lower = 1 / (1 + part * lower or _TINY)
        upper = 1 + part / upper or _TINY
        step = upper * lower
        fraction *= step
    return front / fraction


def _partial_numerator(number: int, x: float, a: float, b: float) -> float:
    """Return d₁, d₂, … of 8.17.23."""
    m = number // 2
    if number % 2:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
