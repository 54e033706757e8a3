"""The command that shows an operator a learner's figures."""

import json

from tests.cli.conftest import Target

LEARNER = """
WITH learner AS (
    INSERT INTO users (email, password_hash, full_name)
    VALUES ('sari@example.com', 'x', 'Sari') RETURNING id
), preferences AS (INSERT INTO user_preferences (user_id) SELECT id FROM learner)
INSERT INTO daily_activity (user_id, day, answers, correct_answers)
SELECT id, current_date - n, 1200, 600 FROM learner, generate_series(0, 2) AS n
"""


async def test_an_operator_sees_what_the_learner_sees(manage: Target):
    await manage.fetch(LEARNER)
    shown = await manage("statistics", "sari@example.com")
    assert shown.code == 0
    lines = dict(line.rsplit(maxsplit=1) for line in shown.output.splitlines())
    found = {name.strip(): value for name, value in lines.items()}
    assert (found["Questions attempted"], found["Accuracy"]) == ("3,600", "–")
    as_json = await manage("statistics", "sari@example.com", "--json")
    figures = json.loads(as_json.output)
    assert (figures["questions_correct"], figures["study_days"]) == (1800, 3)


async def test_nobody_has_no_figures(manage: Target):
    refused = await manage("statistics", "nobody@example.com")
    assert refused.code == 1
    assert "nobody@example.com" in refused.errors
