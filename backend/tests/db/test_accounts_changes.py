"""What learners change of their accounts: at once, everywhere, and nobody else's."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.errors import InvalidInput, NotFound
from app.domain.accounts import accounts, preferences, queries, sessions
from app.models import SRSSettings, User
from tests.db.accounts import sign_in, sign_up
from tests.factories import NOW
from tests.work import work_on

pytestmark = pytest.mark.usefixtures("no_connections_left")


async def test_a_change_is_seen_at_once_on_every_device(signed_in):
    database, token = signed_in
    account = await sessions.find_account(work_on(database), token, NOW)
    async with database.sessions() as db:
        other_device = await sign_in(db, account.email)
        await db.commit()
    assert await sessions.find_account(work_on(database), other_device, NOW)
    changes = {"timezone": "Asia/Jayapura", "daily_goal_minutes": "30", "theme": None}
    later = NOW + timedelta(hours=1)
    async with database.sessions() as db:
        changed = await preferences.update_preferences(work_on(db), account, changes, later)
        changed = await preferences.change_level(work_on(db), changed, "B2", later)
        changed = await preferences.change_name(work_on(db), changed, "  Sari  Wijaya ", later)
        await db.commit()
    assert (changed.timezone, changed.level, changed.full_name) == (
        "Asia/Jayapura",
        "B2",
        "Sari Wijaya",
    )
    for each in (token, other_device):
        seen = await sessions.find_account(work_on(database), each, NOW)
        assert seen is not None
        assert (seen.timezone, seen.level) == ("Asia/Jayapura", "B2")
    async with database.sessions() as db:
        user = await accounts.get_profile(work_on(db), account)
        assert user.preferences.daily_goal_minutes == 30
        assert user.preferences.updated_at == user.updated_at == later


async def test_every_change_of_what_scheduling_depends_on_is_kept_as_a_version(signed_in):
    database, token = signed_in
    account = await sessions.find_account(work_on(database), token, NOW)
    assert account.srs_settings_id is None
    versions = []
    for changes in (
        {"desired_retention": 0.85, "learning_steps": "1, 5 15", "relearning_steps": ""},
        {"theme": "dark", "new_cards_per_day": 7},
        {"timezone": "Asia/Jayapura", "maximum_interval_days": 365},
    ):
        async with database.sessions.begin() as db:
            changed = await preferences.update_preferences(work_on(db), account, changes, NOW)
        account = await sessions.find_account(work_on(database), token, NOW)
        assert account == changed
        versions.append(account.srs_settings_id)
    assert versions[0] == versions[1] != versions[2]
    assert account.learning_steps == (1, 5, 15)
    assert account.relearning_steps == ()
    async with database.sessions() as db:
        rows = (await db.scalars(select(SRSSettings).order_by(SRSSettings.id))).all()
    assert [row.id for row in rows] == [versions[0], versions[2]]
    old, new = rows
    assert (float(old.desired_retention), old.timezone) == (0.85, "Asia/Jakarta")
    assert (float(new.desired_retention), new.timezone) == (0.85, "Asia/Jayapura")
    assert new.learning_steps == [1, 5, 15]
    assert (old.maximum_interval_days, new.maximum_interval_days) == (36_500, 365)


async def test_a_change_touches_nobody_else(signed_in):
    database, token = signed_in
    account = await sessions.find_account(work_on(database), token, NOW)
    async with database.sessions() as db:
        other = await sign_up(db)
        await preferences.update_preferences(work_on(db), account, {"theme": "dark"}, NOW)
        await preferences.change_level(work_on(db), account, "B2", NOW)
        await db.commit()
    async with database.sessions() as db:
        user = await queries.find_user(work_on(db), other.id)
        assert (user.current_level, user.preferences.theme) == ("A1", "system")


async def test_refused_preferences_change_nothing(signed_in):
    database, token = signed_in
    account = await sessions.find_account(work_on(database), token, NOW)
    async with database.sessions() as db:
        for changes in ({"theme": "dark", "timezone": "Mars/Base"}, {"role": "admin"}):
            with pytest.raises(InvalidInput):
                await preferences.update_preferences(work_on(db), account, changes, NOW)
        with pytest.raises(InvalidInput):
            await preferences.change_level(work_on(db), account, "C1", NOW)
        assert (await accounts.get_profile(work_on(db), account)).preferences.theme == "system"


async def test_every_allowed_preference_is_allowed_by_the_database_too(signed_in):
    """The ranges of the rules and of the CHECKs are the same."""
    database, token = signed_in
    account = await sessions.find_account(work_on(database), token, NOW)
    extremes = [
        {"day_cutoff_hour": 0, "daily_goal_minutes": 1, "new_cards_per_day": 0},
        {"day_cutoff_hour": 23, "daily_goal_minutes": 480, "new_cards_per_day": 1000},
        {"reviews_per_day": 0, "maximum_interval_days": 1, "learning_steps": []},
        {"reviews_per_day": 9999, "maximum_interval_days": 36_500, "relearning_steps": [1] * 10},
        {"learning_steps": [1440] * 10, "review_order": "retrievability", "bury_siblings": False},
        {"desired_retention": 0.70, "ui_language": "en", "theme": "light"},
        {"desired_retention": 0.97, "speech_enabled": False, "email_reminders": True},
    ]
    async with database.sessions() as db:
        for changes in extremes:
            await preferences.update_preferences(work_on(db), account, changes, NOW)


async def test_the_profile_of_a_deleted_account_is_not_found(signed_in):
    database, token = signed_in
    account = await sessions.find_account(work_on(database), token, NOW)
    async with database.sessions() as db:
        await db.delete(await db.get(User, account.user_id))
        await db.flush()
        with pytest.raises(NotFound):
            await accounts.get_profile(work_on(db), account)
