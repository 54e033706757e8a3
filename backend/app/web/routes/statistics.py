"""The statistics page: days, time, memory and mastery, each drawn and as a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.domain.activity import days as activity_days
from app.domain.activity.days import ActiveDay
from app.domain.progress import standing
from app.domain.progress.completion import PathProgress
from app.domain.progress.mastery import Mastery
from app.domain.progress.results import MasteryReport
from app.domain.srs import statistics
from app.http.deps import CurrentWork
from app.models.base import LEVELS
from app.web.charts import columns, heatmap
from app.web.i18n import translate
from app.web.time_texts import number_text
from app.web.visit import Learner

router = APIRouter()
TIME_DAYS = 30
_PERCENT = 100
TOPICS_SHOWN = 12
WEEK = 7


@dataclass(frozen=True, slots=True)
class MasteryRow:
    """How well a skill or a topic is mastered; `name` as the learner's language has it."""

    name: str
    found: Mastery


@dataclass(frozen=True, slots=True)
class LevelRow:
    """How much of a level's lessons is completed."""

    level: str
    completed: int
    lessons: int


@router.get("/statistics")
async def show_statistics(visit: Learner, work: CurrentWork) -> Response:
    """Show what the learner did and what they know: as much of it as there is."""
    days = await activity_days.get_active_days(work, visit.account, visit.now)
    memory = await statistics.get_memory_figures(work, visit.account, visit.now)
    report = await standing.get_mastery(work, visit.account, visit.now)
    levels = level_rows(await standing.get_path_progress(work, visit.account))
    today = visit.account.day.date_of(visit.now)
    return visit.page(
        "statistics.html",
        section="statistics",
        number=lambda value: number_text(floor(value), visit.language),  # a minute that is over
        percent=_percent,
        levels=levels,
        own_level=visit.account.level,
        sentence=_sentence(visit.language, days, today),
        totals=_totals(days),
        days=list(reversed(days)),
        heatmap=heatmap({row.day: row.answers + row.reviews for row in days}, today),
        time=_time(days, today),
        memory=memory,
        has_reviews=any(week.reviews for week in memory.retention),
        retention=columns(
            [(_PERCENT * (week.share or 0),) for week in memory.retention],
            top=_PERCENT,
            target=_PERCENT * visit.account.desired_retention,
        ),
        desired=_percent(visit.account.desired_retention),
        forecast=columns([(row.reviews, row.new) for row in memory.forecast]),
        skills=_skills(report, visit.language),
        topics=_topics(report, visit.language),
    )


def level_rows(paths: Iterable[PathProgress]) -> list[LevelRow]:
    """Return how much of each level is completed, over all paths, the lowest level first."""
    completions = [(unit.level, unit.completion) for path in paths for unit in path.units]
    return [
        LevelRow(
            level,
            sum(each.completed for of, each in completions if of == level),
            sum(each.lessons for of, each in completions if of == level),
        )
        for level in LEVELS
        if any(of == level for of, _ in completions)
    ]


def _sentence(language: str, days: Iterable[ActiveDay], today: date) -> str:
    """Return how long the learner studied in the last seven days, beside the seven before."""
    this_week = _minutes_between(days, today - timedelta(days=WEEK - 1), today)
    last = _minutes_between(
        days, today - timedelta(days=2 * WEEK - 1), today - timedelta(days=WEEK)
    )
    said = translate(language, "statistics.week", n=this_week)
    if not last or this_week == last:
        return said
    key = "statistics.week_more" if this_week > last else "statistics.week_less"
    return f"{said} {translate(language, key, n=abs(this_week - last))}"


def _minutes_between(days: Iterable[ActiveDay], first: date, last: date) -> int:
    return floor(sum(row.minutes for row in days if first <= row.day <= last))


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


def _skills(report: MasteryReport, language: str) -> list[MasteryRow]:
    """Return the mastery of each skill, the one with the most evidence first."""
    rows = report.skills.items()
    return _by_evidence(MasteryRow(translate(language, f"skill.{s}"), found) for s, found in rows)


def _topics(report: MasteryReport, language: str) -> list[MasteryRow]:
    """Return the mastery of the topics with the most evidence."""
    names = report.topic_names if language == "id" else {}
    rows = (MasteryRow(names.get(topic, topic), found) for topic, found in report.topics.items())
    return _by_evidence(rows)[:TOPICS_SHOWN]


def _by_evidence(rows: Iterable[MasteryRow]) -> list[MasteryRow]:
    return sorted(rows, key=lambda row: -row.found.answers)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{round(_PERCENT * share)}%"
