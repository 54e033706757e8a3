"""What makes an account valid, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from app.domain.accounts import rules
from app.domain.accounts.account import has_role


@pytest.mark.parametrize(
    ("given_address", "stored"),
    [
        ("sari@example.com", "sari@example.com"),
        ("  Sari.Dewi+belajar@Example.CO.ID \n", "sari.dewi+belajar@example.co.id"),
        ("o'neil_99@mail-1.lancar.test", "o'neil_99@mail-1.lancar.test"),
    ],
)
def test_an_address_is_stored_trimmed_and_in_lower_case(given_address, stored):
    assert rules.normalise_email(given_address) == stored


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sari",
        "@example.com",
        "sari@",
        "sari@localhost",
        "sari@example..com",
        "sari@-example.com",
        "sari dewi@example.com",
        "sari@example.com, budi@example.com",
        "sari@example.com\x00",
        "sari\n@example.com",
        "sarı@example.com",
        f"{'a' * 65}@example.com",
        f"sari@{'a' * 64}.com",
        f"sari@{'a.' * 130}com",
    ],
)
def test_what_is_no_address_is_refused_naming_the_field(address):
    with pytest.raises(InvalidInput) as caught:
        rules.normalise_email(address)
    assert caught.value.field == "email"


@given(st.text(max_size=300))
def test_a_normalised_address_is_stable_and_fits_its_column(text):
    try:
        address = rules.normalise_email(text)
    except InvalidInput:
        return
    assert rules.normalise_email(address) == address == address.lower()
    assert address.isascii() and len(address) <= 254


@given(st.text(max_size=300))
def test_a_checked_name_is_printable_and_stable(text):
    try:
        name = rules.check_name(text)
    except InvalidInput:
        return
    assert 1 <= len(name) <= 255 and "\x00" not in name and name == name.strip()
    assert rules.check_name(name) == name
    name.encode()


def test_a_name_keeps_its_own_spelling():
    assert rules.check_name("  Ni Luh   Ayu O’Brien-Wijaya ") == "Ni Luh Ayu O’Brien-Wijaya"


@pytest.mark.parametrize(
    "password",
    [
        "",
        "1234567",
        "password",
        "PassWord123",
        "sayangku",
        "aaaaaaaaaaaa",
        "        ",
        "\u3000 \u00a0 \t\n \u2003",
        "sari@example.com",
        "SARI@example.com",
        "x" * 257,
    ],
)
def test_a_weak_password_is_refused_in_both_languages(password):
    with pytest.raises(InvalidInput) as caught:
        rules.check_password(password, "sari@example.com")
    assert caught.value.field == "password"
    assert caught.value.text("id") != caught.value.text("en")


@pytest.mark.parametrize(
    "password",
    ["kopi tubruk", "belajar-lancar", "日本語のパスワード", "🐘🐘🐘🐘🐘🐘🐘🐫", "x1" * 128],
)
def test_any_other_password_of_eight_characters_is_fine(password):
    rules.check_password(password, "sari@example.com")


def test_common_passwords_are_ones_that_length_alone_would_let_through():
    assert all(
        len(word) >= 8 and word == word.casefold() and " " not in word
        for word in rules.COMMON_PASSWORDS
    )


def test_a_higher_role_includes_the_lower_ones():
    order = ["learner", "author", "admin"]
    for i, role in enumerate(order):
        assert [has_role(role, needed) for needed in order] == [j <= i for j in range(3)]


def test_preferences_of_a_form_are_read_as_their_columns_types():
    assert rules.check_preferences(
        {"day_cutoff_hour": "3", "desired_retention": "0.85", "speech_enabled": "false"}
    ) == {"day_cutoff_hour": 3, "desired_retention": 0.85, "speech_enabled": False}


def test_absent_and_null_preferences_stay_as_they_are():
    assert rules.check_preferences({"theme": None, "ui_language": "en"}) == {"ui_language": "en"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timezone", "Jakarta"),
        ("timezone", "../../etc/passwd"),
        ("timezone", ""),
        ("ui_language", "jv"),
        ("theme", "pink"),
        ("day_cutoff_hour", 24),
        ("day_cutoff_hour", "soon"),
        ("daily_goal_minutes", 0),
        ("new_cards_per_day", -1),
        ("desired_retention", 0.99),
        ("desired_retention", float("nan")),
        ("is_admin", True),
    ],
)
def test_a_preference_out_of_range_or_unknown_is_refused_naming_it(field, value):
    with pytest.raises(InvalidInput) as caught:
        rules.check_preferences({field: value})
    error = caught.value
    assert error.field == field
    assert error.text("id") != error.text("en")
    assert not {"Input", "Value error", "Extra"} & set(error.text("en").split())


def test_every_preference_has_its_own_message():
    assert rules._REFUSED_PREFERENCES.keys() == rules.PreferenceChanges.model_fields.keys()


def test_goals_are_a_short_list_of_short_texts():
    assert rules.check_goals(["  job   interview ", "travel"]) == ["job interview", "travel"]
    assert rules.check_goals([]) == []
    for goals in (["x"] * 11, ["x" * 101], [" "], ["a\x00b"]):
        with pytest.raises(InvalidInput) as caught:
            rules.check_goals(goals)
        assert caught.value.field == "learning_goals"
