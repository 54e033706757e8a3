"""Finding a learner's cards by a text, in either language and any spelling."""

import pytest
from sqlalchemy import text

from app.core.config import get_settings
from app.core.database import Database
from app.domain.srs import cards as srs_cards
from app.domain.srs.cards import CardFilter
from app.models import PersonalEntry
from app.search.limits import SearchTooSlow
from tests.db.study import NOW
from tests.factories import make_question, make_vocabulary
from tests.work import work_on


async def _list(study, **wanted):
    page = await srs_cards.list_cards(
        work_on(study.session), study.account, NOW, CardFilter(**wanted)
    )
    return [card.card_id for card in page.items]


@pytest.mark.parametrize(
    ("held", "typed"),
    [
        ("e-mail", ["email", "e mail", "E-MAIL", "e\u2011mail", "mail"]),
        ("email", ["e-mail", "e mail"]),
        ("ice cream", ["ice-cream", "ICE\u2010CREAM"]),
        ("can't", ["cant", "can\u2019t", "CAN`T"]),
        ("it\u2019s", ["its", "it's"]),
        ("café", ["cafe", "CAFE\u0301", "caf"]),
        ("cafe", ["café"]),
        ("50% off_", ["50%", "off_"]),
    ],
)
async def test_the_card_filter_finds_either_language_in_any_spelling(study, held, typed):
    indonesian = {"id": {"stem": f"Tulis {held} lagi.", "explanation": "Begitu."}}
    word = make_vocabulary(headword=f"say {held}")
    meant = make_vocabulary(meaning=f"berarti {held}")
    asked = make_question(stem=f"Write {held} again.")
    translated = make_question(translations=indonesian)
    own, own_meant = (
        PersonalEntry(user_id=study.account.user_id, headword=headword, meaning=meaning)
        for headword, meaning in ((f"my {held}", "x"), ("mine", f"arti {held}"))
    )
    await study.add(word, meant, asked, translated, own, own_meant)
    items = [("vocabulary", word), ("vocabulary", meant), ("question", asked)]
    items += [("question", translated), ("personal", own), ("personal", own_meant)]
    cards = {await study.add_card(item_type=kind, item_id=item.id) for kind, item in items}
    await study.add_card()
    for words in [held, *typed]:
        assert set(await _list(study, text=words)) == cards, words


async def test_a_card_filter_of_marks_alone_finds_nothing(study):
    await study.add_card()
    for words in ("'", "-", "\u200b", "%", "_", "\0"):
        assert await _list(study, text=words) == [], words


async def test_no_learner_finds_cards_by_the_words_of_another(study):
    other = await study.other()
    own = PersonalEntry(user_id=other.account.user_id, headword="secret", meaning="rahasia")
    await study.add(own)
    await study.add_card(item_type="personal", item_id=own.id)
    assert await _list(study, text="secret") == await _list(study, text="rahasia") == []


async def test_a_card_filter_that_takes_too_long_is_ended(study, monkeypatch):
    short = get_settings().model_copy(update={"SEARCH_TIMEOUT_MS": 50})
    monkeypatch.setattr("app.search.limits.get_settings", lambda: short)
    card = await study.add_card()
    owner = Database(study.database.engine.url.render_as_string(hide_password=False), short)
    async with owner.sessions() as holder:
        await holder.execute(text("LOCK TABLE vocabulary_entries IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(SearchTooSlow):
            await _list(study, text="teacher")
    await owner.close()
    assert await _list(study, text="teacher") == [card]
