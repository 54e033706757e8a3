"""The pages, a file for each part of the site."""

from fastapi import APIRouter

from app.web.routes import accounts, home, lessons, reviews, search, well_known

router = APIRouter(include_in_schema=False)
for part in (accounts, home, lessons, reviews, search, well_known):
    router.include_router(part.router)
