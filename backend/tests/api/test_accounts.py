"""Accounts over HTTP."""

import pytest

pytestmark = pytest.mark.pg18_only


async def test_a_new_learner_signs_up_and_in_and_sees_the_account(client, signed_in):
    me = await signed_in()
    answer = await client.get("/api/v1/me")
    assert answer.status_code == 200
    assert answer.json() == me
    assert me["preferences"]["timezone"] == "Asia/Jakarta"
