"""The SQL in `.sql` files is laid out by rules, each statement as if it were alone."""

from pathlib import Path

from tools.sql import find_problems, laid_out

MESSY = """-- name: waiting
-- A part of others.
user_id = :user_id and due_at <= :now

-- name: count_waiting
-- One range of idx_srs_cards_due.
select COUNT(*), c.translations ->> 'stem' stem
from srs_cards c where {waiting} AND day >= :now::DATE and '12:30' < ':now' and id = ANY (:ids)


-- name: write -> Written
with card as (
    update srs_cards set due_at=:due_at where id = :id returning id
)
insert into srs_reviews (id, {columns}) select :id, {values} from card
"""
TIDY = """-- name: waiting
-- A part of others.
user_id = :user_id AND due_at <= :now

-- name: count_waiting
-- One range of idx_srs_cards_due.
SELECT count(*), c.translations ->> 'stem' AS stem
FROM srs_cards AS c WHERE {waiting} AND day >= :now::date AND '12:30' < ':now' AND id = ANY (:ids)

-- name: write -> Written
WITH card AS (
    UPDATE srs_cards SET due_at = :due_at WHERE id = :id RETURNING id
)
INSERT INTO srs_reviews (id, {columns}) SELECT :id, {values} FROM card
"""


def test_names_comments_parameters_and_parts_stay_what_they_are(tmp_path: Path) -> None:
    file = tmp_path / "some.sql"
    file.write_text(laid_out(MESSY))
    assert file.read_text() == TIDY
    assert list(find_problems(file)) == []


def test_a_problem_is_given_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "some.sql"
    file.write_text(TIDY.replace("UPDATE srs", "update srs"))
    assert list(find_problems(file)) == [f"{file}:12: Keywords must be upper case. (CP01)"]


def test_a_file_without_a_statement_has_no_problem(tmp_path: Path) -> None:
    file = tmp_path / "some.sql"
    file.write_text("")
    assert list(find_problems(file)) == []
