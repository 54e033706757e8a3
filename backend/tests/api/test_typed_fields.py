"""Fields in which words are typed: in which language, and that nothing corrects what is typed."""

import re
from html.parser import HTMLParser

import pytest

from app.core.clock import utcnow
from app.domain.accounts.sessions import get_account_of
from app.domain.srs import cards
from app.domain.srs.cards import CardFilter
from app.models import SRSCard
from app.web.questions import Form
from app.web.rendering import TEMPLATES, render_template
from tests.api.test_figures import store_course
from tests.db.learning import store_lesson
from tests.factories import make_question
from tests.web.learner import lessons
from tests.work import work_on

UNCORRECTED = {
    "autocomplete": "off",
    "autocorrect": "off",
    "autocapitalize": "off",
    "spellcheck": "false",
}
ITEMS = {item.slug: item for lesson in lessons().values() for item in lesson.questions}
# Words of either language that are looked for, and what a teacher writes, are not compared.
NOT_COMPARED = {
    ("search.html", "q"),
    ("cards.html", "q"),
    ("marking_answer.html", "comment"),
}
TYPED = ("text", "search", "")


class Fields(HTMLParser):
    """The attributes of the fields of a page that text is typed into, by name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs) -> None:
        attributes = {name: value or "" for name, value in attrs}
        is_typed = tag == "input" and attributes.get("type", "") in TYPED
        if is_typed or tag == "textarea":
            self.found[attributes["name"]] = attributes


def check(attributes: dict[str, str], language: str, capitals: str = "off") -> None:
    """Check that a field is in a language, and left to whoever types."""
    wanted = UNCORRECTED | {"autocapitalize": capitals, "lang": language}
    assert {name: attributes.get(name) for name in wanted} == wanted


@pytest.mark.parametrize("slug", ITEMS)
def test_nothing_corrects_an_answer_to_a_question_of_any_type(slug):
    item = ITEMS[slug]
    form = Form(item.stem, item.options, item.answer_key, "id")
    fields = Fields(render_template("partials/question.html", "id", form=form)).found
    to_indonesian = getattr(item.options, "direction", "") == "to_indonesian"
    for attributes in fields.values():
        capitals = "sentences" if item.type in {"essay", "speaking"} else "off"
        check(attributes, "id" if to_indonesian else "en", capitals)
    if item.type in {"fill_blank", "short_answer", "translation", "dictation", "error_correction"}:
        assert fields


def test_the_bank_has_every_type_and_both_directions():
    assert {getattr(item.options, "direction", "") for item in ITEMS.values()} == {
        "", "to_english", "to_indonesian",
    }  # fmt: skip


def test_every_field_of_a_template_says_its_language_or_is_none_of_words():
    field = re.compile(r"<(?:input|textarea)\b(?:{%.*?%}|{{.*?}}|[^>{])*>", re.DOTALL)
    seen = 0
    for file in TEMPLATES.rglob("*.html"):
        for found in field.findall(file.read_text()):
            kind = re.search(r' type="([^"]*)"', found)
            name = re.search(r' name="([^"]*)"', found)
            if kind and kind[1] not in {"text", "search", "{{ type }}"}:
                continue
            if name and (file.name, name[1]) in NOT_COMPARED:
                continue
            seen += 1
            assert "typed_in(" in found, f"{file.name}: {found}"
    assert seen > 5


async def test_nothing_corrects_words_of_ones_own_reviews_and_the_placement(
    client, database, signed_in
):
    sari = await get_account_of(work_on(database), (await signed_in())["email"])
    fields = Fields((await client.get("/words/add?word=serendipity")).text).found
    check(fields["word"], "en")
    check(fields["headword"], "en")
    check(fields["meaning"], "id")
    check(fields["example"], "en", "sentences")

    async with database.sessions.begin() as session:
        now = utcnow()
        await cards.add_personal_word(work_on(session), sari, "alpha", "kata", None, now)
        page = await cards.list_cards(
            work_on(session), sari, now, CardFilter(direction="production")
        )
        card = await session.get_one(SRSCard, page.items[0].card_id)
    shown = await client.get(f"/reviews?card={card.id}")
    check(Fields(shown.text).found["typed"], "en")

    (unit, *_), _ = await store_course(database, units=1)
    gap = make_question(
        type="fill_blank",
        options=None,
        answer_key={"type": "fill_blank", "gaps": [["is"]]},
    )
    async with database.sessions() as session:
        await store_lesson(session, questions=[gap], unit_id=unit.id, position=2)
    await client.post("/placement")
    fields = {}
    for _ in range(5):  # until the gap is asked
        fields = Fields((await client.get("/placement/question")).text).found
        if fields:
            break
        await _skip(client)
    check(fields["gap-0"], "en")


async def _skip(client) -> None:
    """Answer the question being asked with "I don't know"."""
    page = (await client.get("/placement/question")).text
    hidden = dict(re.findall(r'name="(attempt_id|question)" value="([^"]+)"', page))
    answered = await client.post("/placement/question", data={**hidden, "skip": "true"})
    assert answered.status_code in {200, 303}, answered.text
