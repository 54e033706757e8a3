"""The pages, a file for each part of the site."""

from fastapi import APIRouter

from app.web.routes import (
    accounts,
    achievements,
    cards,
    components,
    home,
    landing,
    lessons,
    marking,
    mistakes,
    placement,
    questions,
    reports,
    reviews,
    search,
    statistics,
    welcome,
    well_known,
    words,
)

router = APIRouter(include_in_schema=False)
for part in (
    accounts,
    achievements,
    cards,
    components,
    home,
    landing,
    lessons,
    marking,
    mistakes,
    placement,
    questions,
    reports,
    reviews,
    search,
    statistics,
    welcome,
    well_known,
    words,
):
    router.include_router(part.router)
