"""A learner's cards, set up through the API as another device would."""

from datetime import date, datetime

from playwright.async_api import Page

from app.models.base import new_id


async def _sent(page: Page, path: str, body: dict) -> dict:
    answer = await page.request.post(f"/api/v1{path}", data=body)
    assert answer.ok, await answer.text()
    return await answer.json()


async def add_own_word(page: Page, headword: str, meaning: str, example: str = "") -> None:
    """Give the learner both cards of a word of their own: recognition due today."""
    body = {"headword": headword, "meaning": meaning} | ({"example": example} if example else {})
    await _sent(page, "/words", body)


async def add_word(page: Page, headword: str) -> None:
    """Give the learner both cards of a word of the dictionary: recognition due today."""
    found = await (await page.request.get(f"/api/v1/words?headword={headword}")).json()
    item = {"item_type": "vocabulary", "item_id": found[0]["id"]}
    await _sent(page, "/cards", {"items": [item], "by_hand": True})


async def cards(page: Page, **filters: str) -> list[dict]:
    """Return the learner's cards that fit the filters."""
    answer = await page.request.get("/api/v1/cards", params=filters)
    assert answer.ok, await answer.text()
    return (await answer.json())["items"]


async def act(page: Page, action: str, found: list[dict], due_on: date | None = None) -> None:
    """Do something to cards."""
    body = {"action": action, "card_ids": [card["card_id"] for card in found]}
    await _sent(page, "/cards/actions", body | ({"due_on": str(due_on)} if due_on else {}))


async def review(page: Page, card: dict, rating: int, reviewed_at: datetime) -> None:
    """Hand in a review that a device made while it was offline."""
    body = {"id": str(new_id()), "card_id": card["card_id"], "rating": rating}
    await _sent(page, "/reviews", body | {"reviewed_at": reviewed_at.isoformat()})


async def ask_for_english(page: Page, today: date) -> None:
    """Have only the cards that ask for the English, all of them due today."""
    await act(page, "suspend", await cards(page, direction="recognition"))
    await act(page, "reschedule", await cards(page, direction="production"), today)
