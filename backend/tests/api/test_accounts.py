"""Accounts over HTTP."""

import json

import httpx
import pytest

from app.core.config import get_settings
from app.main import create_app
from app.models.base import new_id
from tests.api.conftest import PASSWORD


async def test_a_new_learner_signs_up_and_in_and_sees_the_account(client, signed_in):
    me = await signed_in(level="A2", ui_language="en")
    answer = await client.get("/api/v1/me")
    assert answer.status_code == 200
    assert answer.json() == me
    assert me["level"] == "A2"
    assert me["preferences"] == {
        "ui_language": "en",
        "theme": "system",
        "timezone": "Asia/Jakarta",
        "day_cutoff_hour": 4,
        "daily_goal_minutes": 15,
        "new_cards_per_day": 20,
        "reviews_per_day": 200,
        "desired_retention": 0.9,
        "learning_steps": [1, 10],
        "relearning_steps": [10],
        "maximum_interval_days": 36_500,
        "review_order": "due_date",
        "bury_siblings": True,
        "show_streak": True,
        "speech_enabled": True,
        "email_reminders": False,
    }


async def test_nobody_can_sign_up_as_more_than_a_learner(client):
    body = {"email": "a@example.com", "password": PASSWORD, "full_name": "A", "role": "admin"}
    answer = await client.post("/api/v1/accounts", json=body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/role"]


async def test_an_address_that_is_taken_is_a_conflict(client, signed_in):
    me = await signed_in()
    body = {"email": me["email"], "password": PASSWORD, "full_name": "Somebody"}
    answer = await client.post("/api/v1/accounts", json=body)
    assert answer.status_code == 409
    assert answer.json()["code"] == "email_taken"
    assert answer.json()["errors"][0]["pointer"] == "#/email"


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client, signed_in):
    me = await signed_in()
    credentials = {"email": me["email"], "password": PASSWORD}
    answer = await client.post("/api/v1/sessions", json=credentials)
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name == f"__Host-lancar_session={answer.json()['token']}"
    assert {each.lower() for each in attributes} == {
        "httponly",
        "samesite=lax",
        "secure",
        "path=/",
        f"max-age={get_settings().SESSION_DAYS * 86_400}",
    }


async def test_without_tls_the_cookie_is_not_marked_secure_and_behind_a_proxy_it_is(
    client, signed_in
):
    me = await signed_in()
    credentials = {"email": me["email"], "password": PASSWORD}
    url = "http://testserver/api/v1/sessions"
    plain = await client.post(url, json=credentials)
    assert "secure" not in plain.headers["set-cookie"].lower()
    headers = {"X-Forwarded-Proto": "https"}
    proxied = await client.post(url, json=credentials, headers=headers)
    assert "secure" in proxied.headers["set-cookie"].lower()


async def test_a_session_from_before_the_hosts_own_cookie_goes_on_and_ends_under_both_names(
    client, signed_in
):
    me = await signed_in()
    token = client.cookies.pop("__Host-lancar_session")
    client.headers["Cookie"] = f"lancar_session={token}"
    assert (await client.get("/api/v1/me")).json() == me
    cleared = (await client.delete("/api/v1/sessions")).headers.get_list("set-cookie")
    assert {cookie.partition("=")[0] for cookie in cleared} == {
        "lancar_session",
        "__Host-lancar_session",
    }
    assert all("max-age=0" in cookie.lower() for cookie in cleared)
    assert (await client.get("/api/v1/me")).status_code == 401


async def test_without_tls_a_session_has_the_plain_name(client, signed_in):
    me = await signed_in()
    client.cookies.clear()
    credentials = {"email": me["email"], "password": PASSWORD}
    await client.post("http://testserver/api/v1/sessions", json=credentials)
    assert list(client.cookies) == ["lancar_session"]
    assert (await client.get("http://testserver/api/v1/me")).json() == me
    assert (await client.delete("http://testserver/api/v1/sessions")).status_code == 204
    assert not client.cookies


async def test_a_client_without_cookies_sends_the_token(client, signed_in):
    me = await signed_in()
    credentials = {"email": me["email"], "password": PASSWORD}
    token = (await client.post("/api/v1/sessions", json=credentials)).json()["token"]
    client.cookies.clear()
    headers = {"Authorization": f"Bearer {token}"}
    assert (await client.get("/api/v1/me", headers=headers)).json() == me


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer nobody-was-given-this"},
        {"Authorization": "Basic c2FyaTpkZXdp"},
        {"Authorization": "Bearer"},
        {"Cookie": "lancar_session=nobody-was-given-this"},
    ],
)
async def test_strangers_are_asked_to_sign_in(client, headers):
    for method, path in (("GET", "/api/v1/me"), ("PATCH", "/api/v1/me")):
        answer = await client.request(method, path, json={}, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["code"] == "unauthenticated"
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_wrong_credentials_look_alike(client, signed_in):
    me = await signed_in()
    answers = [
        await client.post("/api/v1/sessions", json={"email": email, "password": "wrong password"})
        for email in (me["email"], "nobody@example.com", "no address")
    ]
    bodies = [answer.json() | {"request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0]["code"] == "wrong_credentials"


async def test_after_signing_out_the_token_is_worth_nothing(client, signed_in):
    await signed_in()
    token = client.cookies["__Host-lancar_session"]
    answer = await client.delete("/api/v1/sessions")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not client.cookies
    headers = {"Authorization": f"Bearer {token}"}
    assert (await client.get("/api/v1/me", headers=headers)).status_code == 401
    assert (await client.delete("/api/v1/sessions")).status_code == 204


async def test_goals_change_and_null_leaves_everything_as_it_is(client, signed_in):
    await signed_in()
    goals = ["Job interview", "Travel"]
    changed = await client.patch("/api/v1/me", json={"learning_goals": goals})
    assert changed.status_code == 200, changed.text
    assert changed.json()["learning_goals"] == goals
    nothing = dict.fromkeys(("full_name", "level", "learning_goals", "preferences"))
    assert (await client.patch("/api/v1/me", json=nothing)).json() == changed.json()
    emptied = await client.patch("/api/v1/me", json={"learning_goals": []})
    assert emptied.json()["learning_goals"] == []


async def test_name_level_and_preferences_change_together_and_at_once(client, signed_in):
    await signed_in()
    changes = {
        "full_name": " Sari  Wijaya ",
        "level": "B1",
        "preferences": {"timezone": "Asia/Makassar", "new_cards_per_day": 5},
    }
    answer = await client.patch("/api/v1/me", json=changes)
    assert answer.status_code == 200
    me = (await client.get("/api/v1/me")).json()
    assert me == answer.json()
    assert (me["full_name"], me["level"]) == ("Sari Wijaya", "B1")
    assert me["preferences"]["timezone"] == "Asia/Makassar"
    assert me["preferences"]["theme"] == "system"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"level": "B1", "preferences": {"timezone": "Atlantis"}}, "#/preferences/timezone"),
        ({"level": "B1", "preferences": {"day_cutoff_hour": 24}}, "#/preferences/day_cutoff_hour"),
        ({"level": "B1", "full_name": "\x00"}, "#/full_name"),
        ({"level": "B1", "full_name": "   "}, "#/full_name"),
        ({"level": "C1"}, "#/level"),
        ({"full_name": "Baru", "level": "B1", "birth_year": 2025}, "#/birth_year"),
        ({"level": "B1", "email": "new@example.com"}, "#/email"),
    ],
)
async def test_when_one_value_is_refused_nothing_changes(client, signed_in, changes, pointer):
    me = await signed_in()
    answer = await client.patch("/api/v1/me", json=changes)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert (await client.get("/api/v1/me")).json() == me


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_another_site_cannot_act_for_a_learner(client, signed_in, headers):
    me = await signed_in()
    answer = await client.patch("/api/v1/me", json={"level": "B2"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert (await client.get("/api/v1/me", headers=headers)).json() == me


async def test_our_own_pages_can(client, signed_in):
    await signed_in()
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "https://testserver"}):
        answer = await client.patch("/api/v1/me", json={"level": "B2"}, headers=headers)
        assert answer.status_code == 200


async def test_guessing_passwords_is_slowed_down(client):
    for _ in range(get_settings().SIGN_IN_LIMIT_PER_MINUTE):
        body = {"email": f"{new_id().hex}@example.com", "password": "guess guess"}
        assert (await client.post("/api/v1/sessions", json=body)).status_code == 401
    answer = await client.post("/api/v1/sessions", json=body)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(answer.headers["retry-after"]) <= 60


async def test_a_spoofed_forwarded_address_is_not_believed_without_a_proxy(client):
    body = {"email": "nobody@example.com", "password": "guess guess"}
    statuses = []
    for number in range(get_settings().SIGN_IN_LIMIT_PER_MINUTE + 1):
        body = {"email": f"{new_id().hex}@example.com", "password": "guess guess"}
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        answer = await client.post("/api/v1/sessions", json=body, headers=headers)
        statuses.append(answer.status_code)
    assert statuses[-1] == 429


async def test_one_user_can_use_up_only_their_own_allowance(client, signed_in, monkeypatch):
    await signed_in()
    few = get_settings().model_copy(update={"RATE_LIMIT_PER_MINUTE": 3})
    monkeypatch.setattr("app.core.ratelimit.get_settings", lambda: few)
    statuses = [(await client.get("/api/v1/me")).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    client.cookies.clear()
    await signed_in()
    assert (await client.get("/api/v1/me")).status_code == 200


async def test_health_is_never_limited(client, monkeypatch):
    few = get_settings().model_copy(update={"RATE_LIMIT_PER_MINUTE": 1})
    monkeypatch.setattr("app.core.ratelimit.get_settings", lambda: few)
    assert {(await client.get("/health/live")).status_code for _ in range(5)} == {200}


def test_the_api_description_shows_examples_tags_and_problems():
    document = create_app().openapi()
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        if not path.startswith("/api/"):
            continue
        for operation in operations.values():
            assert operation["tags"] and operation["description"], path
            assert "HTTPValidationError" not in json.dumps(operation["responses"]), path
            for status, response in operation["responses"].items():
                content = response.get("content", {})
                if status >= "400":
                    assert "application/problem+json" in content, (path, status)
                else:
                    assert status == "204" or content, (path, status)
    assert "examples" in schemas["SignUp"]["properties"]["email"]
    assert {"Problem", "FieldProblem"} <= set(schemas)
    assert document["paths"]["/api/v1/me"]["get"]["security"] == [{"session": []}]


async def test_the_api_description_is_served(client: httpx.AsyncClient):
    answer = await client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "Lancar"
