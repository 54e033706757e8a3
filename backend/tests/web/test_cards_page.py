"""The browser of cards and the page of one card, in a real browser."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from app.core.clock import LearnerDay, utcnow
from tests.web.barriers import check
from tests.web.collection import act, add_own_word, add_word, cards, review
from tests.web.test_question_types import first_of


def today():
    return LearnerDay().date_of(utcnow())


async def with_cards(someone):
    """Give the learner six cards of three words, and open the list."""
    await add_word(someone.page, "teacher")
    await add_word(someone.page, "breakfast")
    await add_own_word(someone.page, "moss", "lumut")
    await someone.page.goto("/cards")


def rows(page):
    return page.locator(".card-row")


async def apply(someone, **chosen):
    page = someone.page
    if not await page.locator(".filter-fold[open]").count():
        await page.get_by_text("Saring dan urutkan").click()
    for name, value in chosen.items():
        await page.locator(f"select[name={name}]").select_option(value)
    async with page.expect_navigation():
        await page.locator(".filter-row").get_by_role("button", name="Terapkan").click()


@pytest.mark.parametrize("size", ["phone", "desktop"])
async def test_cards_are_found_by_text_and_filters(size, learner):
    sari = await learner(size)
    page = sari.page
    await with_cards(sari)
    await expect(rows(page)).to_have_count(6)
    await page.get_by_label("Cari di kartumu").fill("TEACH")
    await page.keyboard.press("Enter")
    await expect(rows(page)).to_have_count(2)
    await expect(page).to_have_url("/cards?q=TEACH&state=&item_type=&direction=&sort=due")
    await apply(sari, direction="production")
    await expect(rows(page)).to_have_count(1)
    await expect(rows(page)).to_contain_text("guru")
    await page.reload()
    await expect(rows(page)).to_have_count(1)
    await page.goto("/cards")
    await apply(sari, item_type="personal")
    await expect(rows(page)).to_have_count(2)
    await expect(rows(page).first).to_contain_text("moss → lumut")
    await apply(sari, state="suspended")
    await expect(page.get_by_text("Tidak ada kartu yang cocok")).to_be_visible()
    await sari.follow("Hapus saringan")
    await expect(rows(page)).to_have_count(6)


async def test_many_cards_are_suspended_and_brought_back_at_once(learner):
    sari = await learner("desktop")
    page = sari.page
    await with_cards(sari)
    await expect(page.locator(".bulk")).to_be_hidden()
    await page.get_by_label("Pilih semua di halaman ini").check()
    await expect(page.get_by_text("6 dipilih")).to_be_visible()
    await rows(page).last.get_by_role("checkbox").uncheck()
    await expect(page.get_by_text("5 dipilih")).to_be_visible()
    await sari.press("Jalankan")
    await expect(page.get_by_text("5 kartu diistirahatkan.")).to_be_visible()
    assert len(await cards(page, state="suspended")) == 5
    await apply(sari, state="suspended")
    await expect(rows(page)).to_have_count(5)
    await page.get_by_label("Pilih semua di halaman ini").check()
    await page.locator("select[name=action]").select_option("unsuspend")
    await sari.press("Jalankan")
    await expect(page.get_by_text("5 kartu aktif lagi.")).to_be_visible()
    assert await cards(page, state="suspended") == []


async def test_a_reset_asks_once_more_and_can_be_called_off(learner, let_be_old):
    sari = await learner("phone")
    page = sari.page
    await with_cards(sari)
    (card, _) = await cards(page, text="moss")
    await let_be_old(card)
    await review(page, card, 4, utcnow() - timedelta(days=1))
    for button in ("Batal", "Mulai dari awal"):
        await page.goto("/cards?q=moss&direction=recognition")
        await rows(page).get_by_role("checkbox").check()
        await page.locator("select[name=action]").select_option("reset")
        await sari.press("Jalankan")
        await expect(page.get_by_role("heading", name="Mulai 1 kartu dari awal?")).to_be_focused()
        await page.get_by_text(button, exact=True).click()
        await expect(rows(page)).to_have_count(1)
        state = (await cards(page, text="moss", direction="recognition"))[0]["state"]
        assert state == ("review" if button == "Batal" else "new")
    await expect(page.get_by_text("1 kartu dimulai dari awal.")).to_be_visible()


async def test_cards_are_put_off_and_given_another_day(learner):
    sari = await learner("desktop")
    page = sari.page
    await with_cards(sari)
    await page.goto("/cards?item_type=personal")
    await rows(page).first.get_by_role("checkbox").check()
    await page.locator("select[name=action]").select_option("bury")
    await sari.press("Jalankan")
    await expect(page.get_by_text("1 kartu ditunda sampai besok.")).to_be_visible()
    assert len(await cards(page, state="buried")) == 1
    await rows(page).last.get_by_role("checkbox").check()
    await page.locator("select[name=action]").select_option("reschedule")
    day = today() + timedelta(days=3)
    await page.locator("input[name=due_on]").fill(str(day))
    await sari.press("Jalankan")
    await expect(page.get_by_text("1 kartu dijadwalkan ulang.")).to_be_visible()
    await expect(rows(page).last).to_contain_text("3 hari lagi")


async def test_a_day_that_was_forgotten_is_asked_for_and_nothing_is_lost(learner):
    sari = await learner("desktop")
    page = sari.page
    await with_cards(sari)
    await rows(page).first.get_by_role("checkbox").check()
    await page.locator("select[name=action]").select_option("reschedule")
    await sari.press("Jalankan")
    await expect(page.locator("input[name=due_on]")).to_be_focused()
    await expect(page.get_by_text("1 dipilih")).to_be_visible()
    (card, *_) = await cards(page)
    await page.goto(f"/cards/{card['card_id']}")
    await sari.press("Jadwalkan ulang")
    await expect(page.get_by_label("Tanggal pengulangan berikutnya")).to_be_focused()
    await sari.press("Istirahatkan")
    await expect(page.get_by_text("1 kartu diistirahatkan.")).to_be_visible()


async def test_a_long_list_is_shown_a_page_after_the_other(learner):
    sari = await learner("desktop")
    page = sari.page
    for number in range(28):
        await add_own_word(page, f"word {number:02}", f"kata {number}")
    await page.goto("/cards")
    await expect(rows(page)).to_have_count(50)
    await sari.follow("Tampilkan lebih banyak")
    await expect(rows(page)).to_have_count(56)
    await expect(page.get_by_text("Tampilkan lebih banyak")).to_have_count(0)
    fronts = await page.locator(".card-cell a").all_inner_texts()
    assert len(set(fronts)) == 56


async def test_a_card_shows_what_each_review_did(learner, let_be_old):
    sari = await learner("desktop")
    page = sari.page
    await with_cards(sari)
    (card, other) = await cards(page, text="moss")
    assert card["direction"] == "recognition"
    await let_be_old(card)
    for days_ago, rating in ((9, 4), (5, 3), (2, 1)):
        await review(page, card, rating, utcnow() - timedelta(days=days_ago))
    await page.get_by_text("moss → lumut").click()
    lines = page.locator(".history tbody tr")
    await expect(lines).to_have_count(3)
    assert [line.split("\t")[1] for line in await lines.all_inner_texts()] == [
        "Lupa",
        "Baik",
        "Mudah",
    ]
    await expect(page.get_by_role("img", name="Kurva ingatan")).to_be_visible()
    await sari.press("Istirahatkan")
    await expect(page.get_by_text("1 kartu diistirahatkan.")).to_be_visible()
    await expect(page.locator(".card-tags")).to_have_text("Diistirahatkan")
    await page.goto(f"/cards/{other['card_id']}")
    await expect(page.get_by_text("belum pernah diulang")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
async def test_what_was_done_to_cards_is_undone_from_the_page(script, learner, let_be_old):
    sari = await learner("phone", java_script_enabled=script)
    page = sari.page
    await with_cards(sari)
    (card, _) = await cards(page, text="moss")
    await let_be_old(card)
    await review(page, card, 4, utcnow() - timedelta(days=1))
    await page.goto(f"/cards/{card['card_id']}")
    await sari.press("Mulai dari awal")
    await sari.press("Mulai dari awal")
    await sari.press("Urungkan")
    await expect(page.get_by_text("seperti sebelum dimulai dari awal")).to_be_visible()
    (undone,) = await cards(page, text="moss", direction="recognition")
    assert (undone["state"], undone["review_count"]) == ("review", 1)
    await expect(page.get_by_role("button", name="Urungkan")).to_have_count(0)


async def test_after_another_retention_the_page_offers_to_reschedule_and_names_how_many(learner):
    sari = await learner("phone")
    page = sari.page
    await with_cards(sari)
    for card in await cards(page, text="moss"):
        await review(page, card, 4, utcnow())
    await page.goto("/settings")
    await page.get_by_text("Pengaturan lanjutan").click()
    await page.get_by_label("Target ingatan").select_option("0.70")
    await expect(page.get_by_text("2 kartu pindah ke hari lain")).to_be_visible()
    (before,) = await cards(page, text="moss", direction="recognition")
    await sari.press("Jadwalkan ulang 2 kartu sekarang")
    await expect(page.get_by_text("2 kartu dijadwalkan ulang.")).to_be_visible()
    (after,) = await cards(page, text="moss", direction="recognition")
    assert after["next_review_date"] > before["next_review_date"]
    await sari.press("Urungkan")
    await expect(page.get_by_text("kembali ke tanggal semula")).to_be_visible()
    await page.goto("/settings")
    await expect(page.get_by_text("pindah ke hari lain")).to_have_count(0)


async def test_nobody_sees_the_card_of_somebody_else(learner):
    sari, budi = await learner("desktop"), await learner("desktop")
    await add_own_word(sari.page, "moss", "lumut")
    (card, _) = await cards(sari.page, text="moss")
    answer = await budi.page.goto(f"/cards/{card['card_id']}")
    assert answer.status == 404
    form = {"card_id": card["card_id"], "action": "suspend"}
    assert (await budi.page.request.post("/cards/actions", form=form)).status == 404


async def test_without_a_script_cards_are_filtered_and_changed(learner):
    sari = await learner("phone", java_script_enabled=False)
    page = sari.page
    await with_cards(sari)
    await apply(sari, item_type="personal")
    await expect(rows(page)).to_have_count(2)
    await rows(page).first.get_by_role("checkbox").check()
    await sari.press("Jalankan")
    await expect(page.get_by_text("1 kartu diistirahatkan.")).to_be_visible()
    await rows(page).first.get_by_role("checkbox").check()
    await page.locator("select[name=action]").select_option("reschedule")
    await sari.press("Jalankan")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Kapan 1 kartu diulang?")
    await page.get_by_label("Tanggal").fill(str(today() + timedelta(days=9)))
    await sari.press("Jadwalkan ulang")
    await expect(page.get_by_text("1 kartu dijadwalkan ulang.")).to_be_visible()


@pytest.mark.parametrize("size", ["phone", "desktop"])
async def test_the_pages_of_cards_have_no_grave_barrier(size, learner, let_be_old):
    sari = await learner(size)
    page = sari.page
    await page.goto("/cards")
    await check(page, "no cards")
    await with_cards(sari)
    (card, other) = await cards(page, text="moss")
    await let_be_old(card)
    await review(page, card, 4, utcnow() - timedelta(days=9))
    await review(page, card, 1, utcnow() - timedelta(days=1))
    await act(page, "suspend", [other])
    await page.reload()
    await apply(sari, sort="lapses")
    await rows(page).first.get_by_role("checkbox").check()
    await expect(page.locator(".bulk")).to_be_visible()
    await page.locator("select[name=action]").select_option("reschedule")
    await check(page, "cards, one selected")
    await page.goto(f"/cards/{card['card_id']}")
    await check(page, "a card with a history")
    await page.goto(f"/cards/{other['card_id']}")
    await check(page, "a suspended card")
    await sari.press("Mulai dari awal")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    await check(page, "asking once more")


async def test_questions_are_listed_in_the_language_of_the_pages(learner, site_database):
    sari = await learner("phone")
    page = sari.page
    path, item = first_of("dictation")
    await page.goto(path)
    await sari.answer(item)
    await expect(sari.verdict).to_be_visible()
    await page.goto("/cards")
    await expect(page.locator(".stem-line")).to_have_text(item.translations.id.stem)
    await page.request.patch("/api/v1/me", data={"preferences": {"ui_language": "en"}})
    await page.reload()
    await expect(page.locator(".stem-line")).to_have_text(item.stem)
