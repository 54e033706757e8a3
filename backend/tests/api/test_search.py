"""Search over HTTP: an allowance of its own, and an answer when it takes too long."""

import pytest
from sqlalchemy import text

from app.core.config import get_settings
from app.core.database import Database

FEW = {"SEARCH_LIMIT_PER_MINUTE": 3, "SEARCH_LIMIT_STRANGERS_PER_MINUTE": 2}
API, PAGE = "/api/v1/search?q=perfect", "/search?q=perfect"


async def test_searches_have_an_allowance_of_their_own_and_strangers_a_smaller_one(
    client, signed_in, monkeypatch
):
    few = get_settings().model_copy(update=FEW)
    monkeypatch.setattr("app.core.ratelimit.get_settings", lambda: few)
    assert [(await client.get(API)).status_code for _ in range(3)] == [200, 200, 429]
    assert (await client.get("/api/v1/lessons")).status_code == 200, "all else goes on"
    await signed_in()
    found = [(await client.get(path)).status_code for path in (API, PAGE, API, PAGE)]
    assert found == [200, 200, 200, 429], "pages and API share it"


async def test_looking_for_a_text_in_ones_cards_counts_as_a_search(client, signed_in, monkeypatch):
    few = get_settings().model_copy(update=FEW)
    monkeypatch.setattr("app.core.ratelimit.get_settings", lambda: few)
    await signed_in()
    cards = ("/api/v1/cards?text=a", "/cards?q=a", API, "/cards?q=a", "/api/v1/cards?text=a")
    found = [(await client.get(path)).status_code for path in cards]
    assert found == [200, 200, 200, 429, 429]
    others = [(await client.get(path)).status_code for path in ("/api/v1/cards", "/cards")]
    assert others == [200, 200], "all else goes on"


def test_by_default_strangers_may_search_less_than_learners_and_both_less_than_all_else():
    settings = get_settings()
    assert (
        settings.SEARCH_LIMIT_STRANGERS_PER_MINUTE
        < settings.SEARCH_LIMIT_PER_MINUTE
        < settings.RATE_LIMIT_PER_MINUTE
    )


SAID = {"en": "Use fewer or rarer words", "id": "Pakai kata yang lebih sedikit"}


@pytest.mark.parametrize("language", SAID)
async def test_a_search_that_takes_too_long_says_what_to_do_and_keeps_what_was_typed(
    client, signed_in, database, monkeypatch, language
):
    await signed_in(ui_language=language)
    short = get_settings().model_copy(update={"SEARCH_TIMEOUT_MS": 50})
    monkeypatch.setattr("app.search.limits.get_settings", lambda: short)
    owner = Database(database.engine.url.render_as_string(hide_password=False), short)
    async with owner.sessions() as holder:
        await holder.execute(text("LOCK TABLE questions IN ACCESS EXCLUSIVE MODE"))
        api = await client.get(API, headers={"Accept-Language": language})
        page = await client.get(PAGE)
    await owner.close()
    assert (api.status_code, api.json()["code"]) == (503, "search_too_slow")
    assert SAID[language] in api.json()["detail"]
    assert page.status_code == 503
    assert SAID[language] in page.text and 'value="perfect"' in page.text
    for answer in (api, page):
        assert int(answer.headers["Retry-After"]) > 0
