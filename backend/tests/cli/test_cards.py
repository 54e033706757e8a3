"""The commands of a learner's cards, and the repair of what a log does not explain."""

import csv
import io
import json

from tests.cli.conftest import Target

EMAIL = "demo@lancar.test"


async def test_a_deck_is_taken_over_and_the_log_handed_out(manage: Target, tmp_path):
    deck = tmp_path / "deck.csv"
    assert (await manage("seed")).code == 0
    words = await manage.fetch("SELECT slug FROM vocabulary_entries ORDER BY slug LIMIT 2")
    names = [row["slug"] for row in words]
    deck.write_text(f"item,ease,interval\n{names[0]},2.5,12\n{names[1]},1.9,3\n")
    for expected in ({"imported": 2, "skipped": 0}, {"imported": 0, "skipped": 2}):
        done = await manage("cards", "import", EMAIL, str(deck), "--json")
        assert (done.code, json.loads(done.output)) == (0, expected), done.errors
    table = await manage("cards", "export", EMAIL)
    rows = list(csv.DictReader(io.StringIO(table.output)))
    assert [(row["kind"], row["item"]) for row in rows] == [("import", name) for name in names]
    target = tmp_path / "reviews.jsonl"
    assert (await manage("cards", "export", EMAIL, str(target), "--format", "jsonl")).code == 0
    assert len(target.read_text().splitlines()) == 2

    deck.write_text("item,ease,interval\nnothing,9,3\n")
    refused = await manage("cards", "import", EMAIL, str(deck))
    assert refused.code == 1
    assert "deck.csv, line 2, ease: " in refused.errors
    nobody = await manage("cards", "export", "nobody@example.com")
    assert (nobody.code, "no account" in nobody.errors) == (1, True)


async def test_cards_are_repaired_on_request(manage: Target):
    small = ("generate", "--learners", "20", "--cards", "600", "--questions", "300")
    assert (await manage(*small, "--reviews", "900")).code == 0
    await manage.fetch("UPDATE srs_cards SET lapses = lapses + 1 WHERE review_count > 0")
    await manage.fetch("UPDATE daily_activity SET reviews = reviews + 1")
    name = "cards and days are what the review logs replay to"
    found = await manage("check", "--json")
    assert found.code == 1
    assert not any("repaired" in problem for problem in json.loads(found.output)[name])
    repaired = await manage("check", "--repair", "--json")
    assert repaired.code == 1
    assert json.loads(repaired.output)[name][-1].startswith("repaired: ")
    assert json.loads((await manage("check", "--json")).output)[name] == []
