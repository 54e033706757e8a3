"""Generated learners with their cards and reviews: few study much, most a little, many have left.

Times are whole days before `now`; a card is added in the session of a day, about ten at a time.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from app.core.errors import InvalidInput
from app.domain.srs.log import Activity, add
from tools.volume.histories import (
    FIRST_DAY,
    LOGGED,
    SCHEDULING,
    Moment,
    Stage,
    make_histories,
)
from tools.volume.rows import NULL, time_ordered_id
from tools.volume.words import PEOPLE

CARDS_A_SESSION = 10
LONGEST_DAYS = 365
SUSPENDED_SHARE = 0.01
UNSEEN_SHARE = 0.06  # added and never begun
UNSEEN = f"0\t2.5\t0\tt\t0\t0\t0\t0\t{NULL}\t{NULL}"
"""SCHEDULING of a card that was never reviewed."""
LEVELS, LEVEL_SHARES = ("A1", "A2", "B1", "B2"), (40, 30, 20, 10)
USER_COLUMNS = (
    "id", "email", "password_hash", "full_name", "current_level", "created_at", "updated_at",
)  # fmt: skip
PREFERENCE_COLUMNS = ("id", "user_id", "created_at", "updated_at")
CARD_COLUMNS = (
    "id", "user_id", "item_type", "item_id", "direction", *SCHEDULING, "next_review_date", "due_at",
    "is_suspended", "last_reviewed_at", "created_at", "updated_at",
)  # fmt: skip
REVIEW_COLUMNS = (
    "id", "user_id", "card_id", *LOGGED, "day", "reviewed_at", "due_at_before", "due_at",
    "created_at",
)  # fmt: skip
DAY_COLUMNS = (
    "id", "user_id", "day", "reviews", "learnt_reviews", "new_cards", "duration_ms", "created_at",
    "updated_at",
)  # fmt: skip


@dataclass(slots=True)
class Learner:
    """One learner: since when, how long away, and how many cards (`added` so far)."""

    id: str
    joined: int  # days ago
    idle: int  # days since the last session
    cards: int
    offset: int  # where in the list of items this learner began
    keeps_log: bool = False
    added: int = 0


@dataclass(frozen=True, slots=True)
class Items:
    """What cards can be about: ids in hexadecimal."""

    questions: Sequence[str]
    vocabulary: Sequence[str]

    @property
    def most_cards(self) -> int:
        """How many cards a learner can have without one item twice."""
        return len(self.questions)

    def pick(self, learner: Learner) -> str:
        """Return the learner's next item, as the fields item_type, item_id and direction.

        Two of six cards are those of a word, as long as there are words that the learner has not
        had.
        """
        number, start = learner.added, learner.offset
        learner.added += 1
        pair, rest = divmod(number, 6)
        if rest in _WORD_TURNS and pair < len(self.vocabulary):
            word = self.vocabulary[(start + pair) % len(self.vocabulary)]
            return f"vocabulary\t{word}\t{_WORD_TURNS[rest]}"
        question = self.questions[(start + number) % len(self.questions)]
        return f"question\t{question}\trecognition"


_WORD_TURNS = {0: "recognition", 3: "production"}


class Population:
    """The learners of one run, and the rows that they leave in each table."""

    def __init__(
        self,
        random: Random,
        now: datetime,
        *,
        learners: int,
        cards: int,
        most_cards: int,
        reviews: int,
    ) -> None:
        self.random = random
        self.now = now
        self.today = (now.date() - FIRST_DAY).days
        self.histories = make_histories(random)
        self.learners = plan_learners(random, now, learners, cards, most_cards)
        self.sessions = plan_sessions(random, self.learners)
        self._let_some_keep_logs(reviews)
        self._log: defaultdict[int, list[_Entry]] = defaultdict(list)
        self._days: defaultdict[tuple[int, str], Activity] = defaultdict(Activity)

    @property
    def entries(self) -> int:
        """How many entries the logs of the cards that were made so far have."""
        return sum(map(len, self._log.values()))

    @property
    def days(self) -> int:
        """How many days the learners have reviewed on."""
        return len(self._days)

    def user_rows(self, password_hash: str) -> Iterator[str]:
        """Yield the users, who all have the same password, in the order in which they joined."""
        for learner in self.learners:
            joined = self.now - timedelta(days=learner.joined)
            name = f"{self.random.choice(PEOPLE)} {self.random.choice(PEOPLE)}"
            level = self.random.choices(LEVELS, LEVEL_SHARES)[0]
            email = f"learner-{learner.id}@volume.lancar.test"
            yield f"{learner.id}\t{email}\t{password_hash}\t{name}\t{level}\t{joined}\t{joined}\n"

    def preference_rows(self) -> Iterator[str]:
        """Yield everybody's preferences, at their defaults."""
        for number, learner in enumerate(self.learners):
            joined = self.now - timedelta(days=learner.joined)
            key = time_ordered_id(joined, number)
            yield f"{key}\t{learner.id}\t{joined}\t{joined}\n"

    def card_rows(self, items: Items) -> Iterator[str]:
        """Yield the cards in the order in which they were added, all learners mixed."""
        number = 0
        for ago in range(LONGEST_DAYS, 0, -1):
            day = self.now - timedelta(days=ago)
            for learner, size in self.sessions[ago]:
                for _ in range(size):
                    number += 1
                    yield self._card(time_ordered_id(day, number), learner, ago, items)

    def _card(self, card_id: str, learner: Learner, ago: int, items: Items) -> str:
        """Return a card added `ago` days ago, as the learner's last session left it.

        What a learner who keeps no log has learnt came from elsewhere: its only entry says so.
        """
        history = self.random.choice(self.histories)
        start = self.today - ago
        begun = self.random.random() >= UNSEEN_SHARE
        done = history.stages[: history.reviews_until(ago - 1 - learner.idle) if begun else 0]
        created = _when(start, history.first)
        suspended = "t" if self.random.random() < SUSPENDED_SHARE else "f"
        key = f"{card_id}\t{learner.id}\t{items.pick(learner)}"
        if not done or not (learner.keeps_log or not done[-1].is_learning):
            first_day = DATES[start]
            return (
                f"{key}\t{UNSEEN}\t{first_day}\t{created}\t{suspended}\t{NULL}"
                f"\t{created}\t{created}\n"
            )
        last = done[-1]
        if learner.keeps_log:
            scheduling, last_reviewed = last.scheduling, _when(start, last.reviewed)
            for stage in done:
                self._note(card_id, learner, start, stage)
        else:
            scheduling, last_reviewed = last.imported, NULL
            imported = card_id, learner.id, start, last, True
            self._log[start + last.reviewed.days].append(imported)
        return (
            f"{key}\t{scheduling}\t{DATES[start + last.due_day]}\t{_when(start, last.due)}"
            f"\t{suspended}\t{last_reviewed}\t{created}\t{_when(start, last.reviewed)}\n"
        )

    def _note(self, card_id: str, learner: Learner, start: int, stage: Stage) -> None:
        """Keep a review for the log, and what it adds to the learner's day."""
        self._log[start + stage.reviewed.days].append((card_id, learner.id, start, stage, False))
        day = start + stage.day, learner.id
        more = Activity(1, stage.was_learnt, stage.is_first, stage.duration_ms)
        self._days[day] = add(self._days[day], more)

    def log_rows(self) -> Iterator[str]:
        """Yield the logs of the cards that `card_rows` made, day by day."""
        number = 0
        for day in sorted(self._log):
            moment = self.now - timedelta(days=self.today - day)
            for card_id, user_id, start, stage, is_import in self._log[day]:
                number += 1
                reviewed, due = _when(start, stage.reviewed), _when(start, stage.due)
                was_due = reviewed if is_import else _when(start, stage.was_due)
                yield (
                    f"{time_ordered_id(moment, number)}\t{user_id}\t{card_id}"
                    f"\t{stage.import_log if is_import else stage.log}\t{DATES[start + stage.day]}"
                    f"\t{reviewed}\t{was_due}\t{due}\t{reviewed}\n"
                )

    def day_rows(self) -> Iterator[str]:
        """Yield what the reviews of the cards that `card_rows` made add up to, day by day."""
        for number, day in enumerate(sorted(self._days)):
            moment = self.now - timedelta(days=self.today - day[0])
            amounts = "\t".join(str(int(amount)) for amount in self._days[day])
            yield (
                f"{time_ordered_id(moment, number)}\t{day[1]}\t{DATES[day[0]]}\t{amounts}"
                f"\t{moment}\t{moment}\n"
            )

    def _let_some_keep_logs(self, reviews: int) -> None:
        """Let as many learners keep their log as make about `reviews` reviews."""
        average = [
            sum(history.reviews_until(day) for history in self.histories) / len(self.histories)
            for day in range(LONGEST_DAYS + 1)
        ]
        expected: defaultdict[str, float] = defaultdict(float)
        for ago, sessions in enumerate(self.sessions):
            for learner, size in sessions:
                expected[learner.id] += size * average[max(0, ago - 1 - learner.idle)]
        for learner in self.random.sample(self.learners, len(self.learners)):
            if expected[learner.id] <= reviews:
                learner.keeps_log = True
                reviews -= round(expected[learner.id])


_Entry = tuple[str, str, int, Stage, bool]
"""Card, user, the day on which the history begins (after FIRST_DAY), the stage, imported or not."""


def plan_learners(
    random: Random, now: datetime, count: int, cards: int, most_cards: int
) -> list[Learner]:
    """Return `count` learners, the oldest first, who have `cards` cards together.

    Nobody has more than `most_cards`. Raises InvalidInput when that leaves no room.
    """
    if cards > count * most_cards:
        raise InvalidInput(
            f"{count} learners cannot have {cards} cards about {most_cards} questions"
        )
    appetite = [random.lognormvariate(0, 1.1) for _ in range(count)]
    share = cards / sum(appetite)
    wanted = [min(most_cards, int(share * each)) for each in appetite]
    missing = cards - sum(wanted)
    while missing > 0:  # of rounding, and of learners who reached the limit
        number = random.randrange(count)
        more = min(missing, CARDS_A_SESSION, most_cards - wanted[number])
        wanted[number] += more
        missing -= more
    joined = sorted((1 + int(LONGEST_DAYS * random.random()) for _ in range(count)), reverse=True)
    return [
        Learner(
            id=time_ordered_id(now - timedelta(days=ago), number),
            joined=ago,
            idle=_idle_days(random, ago),
            cards=wanted[number],
            offset=random.randrange(1 << 30),
        )
        for number, ago in enumerate(joined)
    ]


def _idle_days(random: Random, joined: int) -> int:
    """Return the days since the last session: half study now, a quarter lately, the rest left."""
    longest = random.choices((1, 14, joined), (50, 25, 25))[0]
    return random.randint(0, min(longest, joined - 1))


def plan_sessions(random: Random, learners: Sequence[Learner]) -> list[list[tuple[Learner, int]]]:
    """Return who adds how many cards, by days ago."""
    sessions: list[list[tuple[Learner, int]]] = [[] for _ in range(LONGEST_DAYS + 1)]
    for learner in learners:
        left = learner.cards
        while left > 0:
            size = min(left, random.randint(CARDS_A_SESSION // 2, CARDS_A_SESSION * 3 // 2))
            ago = random.randint(learner.idle + 1, learner.joined)
            sessions[ago].append((learner, size))
            left -= size
    return sessions


class _Dates(dict[int, str]):
    """ISO dates by days after FIRST_DAY."""

    def __missing__(self, days: int) -> str:
        self[days] = text = (FIRST_DAY + timedelta(days=days)).isoformat()
        return text


DATES = _Dates()


def _when(start: int, moment: Moment) -> str:
    return f"{DATES[start + moment.days]} {moment.time}"
