"""Named SQL: how a file is read, and which names are parameters."""

import pytest

from app.core.statements import Statements, value

FILE = """
-- name: waiting
user_id = :user_id AND due_at <= :now

-- name: count_waiting
-- One range of idx_srs_cards_due.
SELECT count(*)
FROM srs_cards WHERE {waiting} AND day >= :now::date AND '12:30' < ':now' AND card = :card_2_id;
"""


@pytest.fixture
def beside(tmp_path):
    def write(text):
        (tmp_path / "some.sql").write_text(text)
        return Statements(str(tmp_path / "some.py"))

    return write


def test_names_are_numbered_in_their_order_and_casts_and_texts_are_none(beside):
    statement = beside(FILE).statement("count_waiting", value)
    assert statement.parameters == ("user_id", "now", "card_2_id")
    assert statement.text == (
        "SELECT count(*)\nFROM srs_cards WHERE user_id = $1 AND due_at <= $2"
        " AND day >= $2::date AND '12:30' < ':now' AND card = $3"
    )


def test_values_go_by_name_and_each_must_be_given(beside):
    statement = beside(FILE).statement("count_waiting", value)
    assert statement.values({"card_2_id": 3, "now": 2, "user_id": 1}) == [1, 2, 3]
    with pytest.raises(TypeError, match="count_waiting: day, now"):
        statement.values({"card_2_id": 3, "day": 2, "user_id": 1})


def test_a_name_given_twice_or_never_is_refused(beside):
    with pytest.raises(ValueError, match="gives a name twice"):
        beside("-- name: a\nSELECT 1\n-- name: a\nSELECT 2\n")
    with pytest.raises(KeyError, match="b"):
        beside("-- name: a\nSELECT {b}\n").statement("a", value)
