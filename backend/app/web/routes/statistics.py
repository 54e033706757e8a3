"""The statistics page: days, time, memory and mastery, each drawn and as a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.api.deps import DB
from app.domain.practice import service as practice
from app.domain.practice.service import ActiveDay, Mastery, MasteryReport
from app.domain.srs import service as srs
from app.web.charts import columns, heatmap
from app.web.i18n import translate
from app.web.visit import Learner

router = APIRouter()
TIME_DAYS = 30
_PERCENT = 100
TOPICS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Names:
    """Months, weekdays and dates as one language writes them."""

    language: str

    @property
    def months(self) -> list[str]:
        """Short names, January first."""
        return translate(self.language, "calendar.months").split()

    @property
    def weekdays(self) -> list[str]:
        """Short names, Monday first."""
        return translate(self.language, "calendar.weekdays").split()

    def full(self, day: date) -> str:
        """Return a day with its month and year."""
        return f"{self.short(day)} {day.year}"

    def short(self, day: date) -> str:
        """Return a day with its month."""
        return f"{day.day} {self.months[day.month - 1]}"


@dataclass(frozen=True, slots=True)
class MasteryRow:
    """How well a skill, or a topic within it, is mastered."""

    skill: str
    topic: str
    found: Mastery


@router.get("/statistics")
async def show_statistics(visit: Learner, db: DB) -> Response:
    """Show what the learner did and what they know."""
    days = await practice.get_active_days(db, visit.account, visit.now)
    memory = await srs.get_memory_figures(db, visit.account, visit.now)
    report = await practice.get_mastery(db, visit.account, visit.now)
    today = visit.account.day.date_of(visit.now)
    names = Names(visit.language)
    return visit.page(
        "statistics.html",
        section="statistics",
        names=names,
        number=lambda value: _number(value, visit.language),
        percent=_percent,
        totals=_totals(days),
        days=list(reversed(days)),
        heatmap=heatmap({row.day: row.answers + row.reviews for row in days}, today),
        time=_time(days, today),
        memory=memory,
        retention=columns(
            [(_PERCENT * (week.share or 0),) for week in memory.retention],
            top=_PERCENT,
            target=_PERCENT * visit.account.desired_retention,
        ),
        desired=_percent(visit.account.desired_retention),
        forecast=columns([(row.reviews, row.new) for row in memory.forecast]),
        skills=_rows(report),
        topics=_topics(report),
    )


def _totals(days: list[ActiveDay]) -> dict[str, Any]:
    return {
        "days": len(days),
        "minutes": sum(row.minutes for row in days),
        "answers": sum(row.answers for row in days),
        "reviews": sum(row.reviews for row in days),
    }


def _time(days: list[ActiveDay], today: date) -> dict[str, Any]:
    """Return the chart of minutes a day, and its rows (day, minutes), the oldest first."""
    minutes = {row.day: row.minutes for row in days}
    shown = [today - timedelta(days=n) for n in reversed(range(TIME_DAYS))]
    rows = [(day, minutes.get(day, 0.0)) for day in shown]
    return {"chart": columns([(value,) for _, value in rows]), "rows": rows}


def _rows(report: MasteryReport) -> list[MasteryRow]:
    """Return the mastery of each skill, the one with the most evidence first."""
    return _by_evidence(MasteryRow(skill, "", found) for skill, found in report.skills.items())


def _topics(report: MasteryReport) -> list[MasteryRow]:
    """Return the mastery of the topics with the most evidence."""
    rows = (MasteryRow(skill, topic, found) for (skill, topic), found in report.topics.items())
    return _by_evidence(rows)[:TOPICS_SHOWN]


def _by_evidence(rows: Iterable[MasteryRow]) -> list[MasteryRow]:
    return sorted(rows, key=lambda row: -row.found.answers)


def _number(value: float, language: str) -> str:
    """Return a number without decimals, its thousands apart as the language writes them.

    A minute counts when it is over, as for the goal of the day.
    """
    text = f"{floor(value):,}"
    return text.replace(",", ".") if language == "id" else text


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{round(_PERCENT * share)}%"
