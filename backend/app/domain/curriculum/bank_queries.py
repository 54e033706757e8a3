"""The SQL of importing questions: see `bank_queries.sql`."""

from typing import NamedTuple

from app.core.statements import Statements, nothing, value

SQL = Statements(__file__)
STAGE = "stage_questions"


class Repeat(NamedTuple):
    """A line whose slug an earlier one has."""

    line: int
    slug: str
    first_line: int


CREATE_SLUGS = SQL.statement("create_slugs", nothing)
DROP_STAGES = SQL.statement("drop_stages", nothing)
EMPTY_STAGE = SQL.statement("empty_stage", nothing)
TAKE_OUT = SQL.statement("take_out", nothing)
NOTE_SLUGS = SQL.statement("note_slugs", nothing)
TAKE_OUT_REPEATS = SQL.statement("take_out_repeats", Repeat)
TAKE_OUT_UNTRANSLATED = SQL.statement("take_out_untranslated", value)
FETCH_CHANGED = SQL.statement("fetch_changed", value)
