"""Named SQL: how a file is read, and which names are parameters."""

from dataclasses import dataclass
from typing import NamedTuple

import msgspec
import pytest

from app.core.statements import Nested, Statements, value

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


class Word(msgspec.Struct):
    headword: str
    meaning: str | None


@dataclass
class Memory:
    interval: int
    stability: float | None = None


class Card(NamedTuple):
    id: int
    memory: Memory
    word: Word | None


class Page(NamedTuple):
    card: Card
    total: int | None


def test_a_row_is_read_as_a_struct_of_structs():
    read = Nested(Page)
    assert read.columns == ["id", "interval", "stability", "headword", "meaning", "total"]
    assert read(1, 7, None, "sun", None, None) == (
        (1, Memory(7), Word("sun", None)),
        None,
    )


def test_a_struct_that_may_be_none_is_none_where_its_first_column_is():
    assert Nested(Page)(1, 7, 2.5, None, None, 9) == ((1, Memory(7, 2.5), None), 9)
