"""The command that gives everybody the badges that they have earned."""

from tests.cli.conftest import Target


async def test_badges_are_given_to_everybody_once(manage: Target):
    await manage.fetch(
        """
        WITH learner AS (
            INSERT INTO users (email, password_hash, full_name)
            VALUES ('sari@example.com', 'x', 'Sari') RETURNING id
        ), preferences AS (INSERT INTO user_preferences (user_id) SELECT id FROM learner)
        INSERT INTO daily_activity (user_id, day, reviews)
        SELECT id, date '2026-03-01' + n, 50 FROM learner, generate_series(0, 6) AS n
        """
    )
    for expected in ("2 badges", "0 badges"):
        given = await manage("achievements")
        assert given.code == 0
        assert expected in given.output
    codes = await manage.fetch("SELECT achievement FROM user_achievements ORDER BY 1")
    assert [row[0] for row in codes] == ["hundred_reviews", "streak_7"]
