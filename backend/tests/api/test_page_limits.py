"""Pages are not refused because the API's allowance is used up."""

from app.core.config import get_settings


async def test_pages_have_an_allowance_of_their_own(client, signed_in, monkeypatch):
    few = get_settings().model_copy(update={"RATE_LIMIT_PER_MINUTE": 2})
    await signed_in()
    monkeypatch.setattr("app.core.ratelimit.get_settings", lambda: few)
    api = [(await client.get("/api/v1/me")).status_code for _ in range(3)]
    pages = [(await client.get("/level")).status_code for _ in range(3)]
    assert api == pages == [200, 200, 429]


async def test_strangers_are_never_refused_the_landing_page(client, monkeypatch):
    few = get_settings().model_copy(update={"RATE_LIMIT_PER_MINUTE": 1})
    monkeypatch.setattr("app.core.ratelimit.get_settings", lambda: few)
    api = [(await client.get("/api/v1/paths")).status_code for _ in range(2)]
    assert api[-1] == 429
    assert [(await client.get("/")).status_code for _ in range(3)] == [200] * 3
