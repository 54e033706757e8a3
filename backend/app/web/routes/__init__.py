"""The pages, a file for each part of the site."""

from fastapi import APIRouter

from app.web.routes import (
    accounts,
    achievements,
    cards,
    components,
    home,
    lessons,
    marking,
    placement,
    questions,
    reports,
    reviews,
    search,
    statistics,
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
    lessons,
    marking,
    placement,
    questions,
    reports,
    reviews,
    search,
    statistics,
    well_known,
    words,
):
    router.include_router(part.router)
