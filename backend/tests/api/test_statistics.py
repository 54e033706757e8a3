"""GET /me/statistics over HTTP."""


async def test_a_new_learner_has_empty_days_and_whole_calendars(client, signed_in):
    await signed_in()
    answer = await client.get("/api/v1/me/statistics")
    assert answer.status_code == 200
    found = answer.json()
    assert found["days"] == []
    assert len(found["retention"]) == 26
    assert len(found["forecast"]) == 30
    assert set(found["stages"].values()) == {0}


async def test_strangers_have_no_figures(client):
    answer = await client.get("/api/v1/me/statistics")
    assert answer.status_code == 401
