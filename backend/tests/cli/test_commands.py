"""The operator's commands: what they do, what they refuse, and how they end."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import COMMANDS, app
from tests.cli.conftest import SECRET, Target

PRODUCTION = {"ENVIRONMENT": "production", "SECRET_KEY": SECRET}
QUESTION = {
    "slug": "is-or-am",
    "type": "multiple_choice",
    "level": "A1",
    "skill": "grammar",
    "stem": "She ___ a teacher.",
    "options": {"choices": [{"id": "a", "text": "am"}, {"id": "b", "text": "is"}]},
    "answer_key": {"choice": "b"},
    "explanation": "Use is with he, she and it.",
    "translations": {"id": {"stem": "She ___ a teacher.", "explanation": "Pakai is."}},
}
SMALL = ("generate", "--learners", "20", "--cards", "600", "--questions", "300")


@pytest.mark.parametrize("name", [name for group in COMMANDS.values() for name in group])
def test_help_of_every_command_has_an_example(name):
    shown = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "120"})
    assert shown.exit_code == 0
    assert f"python manage_db.py {name}" in shown.output


async def test_init_fills_an_empty_database_and_status_and_check_are_content(manage_empty: Target):
    behind = await manage_empty("status", "--json")
    assert behind.code == 1
    assert json.loads(behind.output)["revision"] is None

    assert (await manage_empty("init")).code == 0
    status = await manage_empty("status", "--json")
    assert status.code == 0
    found = json.loads(status.output)
    assert found["revision"] == found["head"]
    assert found["server"]["version"].startswith("18")
    assert found["cache"] == "up"
    assert "srs_cards" in {table["table"] for table in found["tables"]}
    assert (await manage_empty.fetch("SELECT count(*) FROM lessons"))[0][0] > 0

    check = await manage_empty("check", "--json")
    assert check.code == 0, check.output
    assert not any(json.loads(check.output).values())


async def test_seeding_twice_changes_nothing_and_demo_accounts_are_for_development(manage: Target):
    assert (await manage("seed", **PRODUCTION)).code == 0
    assert (await manage.fetch("SELECT count(*) FROM users"))[0][0] == 0
    before = await manage.fetch("SELECT id, updated_at FROM questions ORDER BY id")

    assert (await manage("seed")).code == 0
    assert await manage.fetch("SELECT id, updated_at FROM questions ORDER BY id") == before
    accounts = await manage.fetch("SELECT email, role FROM users ORDER BY email")
    assert [tuple(row) for row in accounts] == [
        ("author@lancar.test", "author"),
        ("demo@lancar.test", "learner"),
    ]


async def test_migrations_go_down_and_up_and_an_unknown_revision_is_refused(manage: Target):
    assert (await manage("downgrade", "base")).code == 0
    assert (await manage("status")).code == 1
    assert (await manage("upgrade")).code == 0
    assert (await manage("status")).code == 0
    unknown = await manage("upgrade", "nonsense")
    assert unknown.code == 1
    assert "nonsense" in unknown.errors


async def test_a_database_of_another_version_is_left_alone_and_the_way_out_is_named(
    manage: Target,
):
    await manage.fetch("UPDATE alembic_version SET version_num = 'elsewhere'")
    refused = await manage("init")
    assert refused.code == 1
    assert "elsewhere" in refused.errors
    assert "manage_db.py reset" in refused.errors
    assert (await manage("reset", "--yes")).code == 0
    assert (await manage("status")).code == 0


async def test_reset_asks_for_the_name_and_then_makes_everything_new(manage: Target):
    await manage.fetch(
        "INSERT INTO users (email, password_hash, full_name) VALUES ('a@b.c', 'x', 'A')"
    )
    refused = await manage("reset", stdin="something else\n")
    assert refused.code == 1
    assert (await manage.fetch("SELECT count(*) FROM users"))[0][0] == 1

    name = manage.url.rpartition("/")[2]
    assert (await manage("reset", stdin=f"{name}\n")).code == 0
    assert await manage.fetch("SELECT FROM users WHERE email = 'a@b.c'") == []
    assert (await manage.fetch("SELECT count(*) FROM lessons"))[0][0] > 0


@pytest.mark.parametrize("arguments", [("reset", "--yes"), SMALL])
async def test_destructive_commands_are_refused_in_production(manage: Target, arguments):
    await manage.fetch(
        "INSERT INTO users (email, password_hash, full_name) VALUES ('a@b.c', 'x', 'A')"
    )
    refused = await manage(*arguments, **PRODUCTION)
    assert refused.code == 1
    assert "ENVIRONMENT is production" in refused.errors
    assert (await manage.fetch("SELECT count(*) FROM users"))[0][0] == 1


async def test_bad_settings_and_an_absent_server_are_said_in_words(manage: Target):
    unsafe = await manage("status", ENVIRONMENT="production", SECRET_KEY="short")
    assert unsafe.code == 2
    assert "SECRET_KEY" in unsafe.errors
    port = await manage("serve", PORT="none")
    assert port.code == 2
    assert "PORT" in port.errors
    away = await manage("status", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert away.code == 1
    assert "DATABASE_URL" in away.errors
    assert (await manage("status", "--nonsense")).code == 2


async def test_an_import_with_a_bad_line_names_it_and_writes_nothing(
    manage: Target, tmp_path: Path
):
    file = tmp_path / "questions.jsonl"
    bad = QUESTION | {"slug": "bad", "level": "C9"}
    file.write_text(f"{json.dumps(QUESTION)}\n{json.dumps(bad)}\n")
    refused = await manage("import", str(file))
    assert refused.code == 1
    assert "questions.jsonl:2: level" in refused.errors
    assert await manage.fetch("SELECT FROM questions") == []

    partly = await manage("import", str(file), "--skip-bad", "--json")
    assert partly.code == 1
    report = json.loads(partly.output)
    assert (report["inserted"], report["skipped"], report["problems"][0]["line"]) == (1, 1, 2)


async def test_what_is_exported_can_be_imported(manage: Target, tmp_path: Path):
    file, copy = tmp_path / "questions.jsonl", tmp_path / "copy.jsonl"
    file.write_text(json.dumps(QUESTION) + "\n")
    assert (await manage("import", str(file))).code == 0
    assert (await manage("export", str(copy))).code == 0
    again = await manage("import", str(copy), "--json")
    assert again.code == 0
    assert json.loads(again.output)["unchanged"] == 1
    assert (await manage("export")).output == copy.read_text()


async def test_create_admin_takes_the_password_from_a_pipe_and_never_shows_it(manage: Target):
    password = "kopi-susu-di-teras"
    arguments = ("create-admin", "--email", "Ayu@example.com")
    made = await manage(*arguments, stdin=f"{password}\n")
    assert made.code == 0, made.errors
    assert password not in made.output + made.errors
    (row,) = await manage.fetch("SELECT email, role, password_hash FROM users")
    assert (row["email"], row["role"]) == ("ayu@example.com", "admin")
    assert row["password_hash"].startswith("$2")

    again = await manage(*arguments, stdin=f"{password}\n")
    assert again.code == 1
    assert "account with this e-mail" in again.errors


async def test_generated_volume_passes_every_check_and_a_second_run_adds_more(manage: Target):
    first = await manage(*SMALL, "--reviews", "900", "--json")
    assert first.code == 0, first.errors
    rows = json.loads(first.output)["rows"]
    assert (rows["users"], rows["srs_cards"], rows["questions"]) == (20, 600, 300)
    assert 0 < rows["daily_activity"] < rows["srs_reviews"] <= 1600  # with an import a card
    assert (await manage(*SMALL)).code == 0
    assert (await manage.fetch("SELECT count(*) FROM srs_cards"))[0][0] == 1200

    check = await manage("check", "--sample", "5000", "--json")
    assert check.code == 0, check.output
    states = await manage.fetch(
        "SELECT count(*) FILTER (WHERE next_review_date < current_date) AS overdue,"
        " count(*) FILTER (WHERE next_review_date > current_date) AS later,"
        " count(*) FILTER (WHERE review_count = 0 AND is_learning) AS unseen,"
        " count(*) FILTER (WHERE last_reviewed_at > now()) AS impossible FROM srs_cards"
    )
    overdue, later, unseen, impossible = states[0]
    assert min(overdue, later, unseen) > 0
    assert impossible == 0


async def test_check_finds_a_dropped_rule_and_a_card_that_its_log_does_not_explain(manage: Target):
    assert (await manage(*SMALL, "--reviews", "900")).code == 0
    await manage.fetch("ALTER TABLE srs_cards DROP CONSTRAINT srs_cards_lapses_check")
    await manage.fetch("UPDATE srs_cards SET lapses = lapses + 1 WHERE review_count > 0")
    found = await manage("check", "--json")
    assert found.code == 1
    problems = json.loads(found.output)
    for name in ("models and database agree", "the catalog is as documented"):
        assert "srs_cards_lapses_check" in "".join(problems[name])
    assert problems["cards and days are what the review logs replay to"]
    assert problems["content files are valid"] == []


async def test_check_in_production_names_the_accounts_that_development_left(manage):
    assert (await manage("seed")).code == 0
    found = await manage("check", "--sample", "1", "--json", **PRODUCTION)
    assert found.code == 1
    assert "author@lancar.test, demo@lancar.test" in found.output
    development = await manage("check", "--sample", "1", "--json")
    assert development.code == 0, development.output


PLANTED = {
    "questions_difficulty_check": (
        "ALTER TABLE questions DROP CONSTRAINT questions_difficulty_check,"
        " ADD CONSTRAINT questions_difficulty_check CHECK (difficulty BETWEEN 1 AND 4)"
    ),
    "idx_users_active": "DROP INDEX idx_users_active",
    "column search_vector": "ALTER TABLE lessons DROP search_vector",
    "text search configuration lancar_english": (
        "ALTER TEXT SEARCH CONFIGURATION lancar_english DROP MAPPING FOR email"
    ),
    "text search dictionary lancar_english_stem": (
        "ALTER TEXT SEARCH DICTIONARY lancar_english_stem (StopWords = english)"
    ),
    "column role": "ALTER TABLE users ALTER role SET DEFAULT 'admin'",
}


async def test_check_names_every_difference_between_models_and_database(manage: Target):
    for change in PLANTED.values():
        await manage.fetch(change)
    found = json.loads((await manage("check", "--json")).output)["models and database agree"]
    assert [name for name in PLANTED if not any(name in line for line in found)] == []
