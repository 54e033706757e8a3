"""Numbers with more digits than Python converts (4,300), wherever a page reads one."""

import pytest

from app.questions.choices import Choice
from app.questions.types.ordering import placed
from tests.db.learning import store_lesson

LONG = "9" * 5_000


@pytest.mark.parametrize("part", ["questions", "sections"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_address_with_a_long_number_is_not_found(
    client, database, signed_in, part, method
):
    await signed_in()
    async with database.sessions() as session:
        lesson, _ = await store_lesson(session)
    for number in (LONG, "9" * 20):
        answer = await client.request(method, f"/lessons/{lesson.slug}/{part}/{number}")
        assert answer.status_code == 404


async def test_trying_again_after_a_long_number_leads_on(client, database, signed_in):
    await signed_in()
    async with database.sessions() as session:
        lesson, _ = await store_lesson(session)
    answer = await client.get(f"/lessons/{lesson.slug}/again?after={LONG}")
    assert answer.status_code == 303


def test_a_word_in_a_place_with_a_long_number_has_none():
    words = [Choice(id="a", text="go"), Choice(id="b", text="on")]
    typed = {"position-a": [LONG], "position-b": ["2"]}
    assert placed(words, typed) == ["b"]
