"""A learner who uses the pages as a person does, and who knows the right answers."""

import re
from functools import cache

from playwright.async_api import Page, expect

from app.core.config import CONTENT
from app.domain.curriculum.files import LessonFile
from app.domain.curriculum.reading import read_content
from app.domain.curriculum.steps import Step, steps_of
from app.models.base import new_id
from tests.web.answering import MARKED, fill, fill_wrongly

PASSWORD = "senja-di-kota-tua"


@cache
def lessons() -> dict[str, LessonFile]:
    """Return the lessons of the content files, by slug."""
    return {source.document.slug: source.document for source in read_content(CONTENT).lessons()}


def steps_of_file(lesson: LessonFile) -> list[Step]:
    """Return the steps of a lesson of the content files."""
    total = len(lesson.sections)
    return steps_of(total, [question.after or total for question in lesson.questions])


class Learner:
    """Somebody with a browser. The pages are in Indonesian, as they are by default."""

    def __init__(self, page: Page, name: str = "Sari Wulandari") -> None:
        self.page = page
        self.name = name
        self.email = f"sari-{new_id().hex}@example.com"

    @property
    def verdict(self):
        """The heading over the feedback on an answer."""
        return self.page.locator("#verdict")

    async def press(self, name: str) -> None:
        """Press the button of this name."""
        await self.page.get_by_role("button", name=name).click()

    async def follow(self, name: str) -> None:
        """Follow the link of this name."""
        await self.page.get_by_role("link", name=name).click()

    async def sign_up(self) -> None:
        """From the landing page to an account."""
        await self.page.goto("/")
        await self.page.get_by_role("link", name="Mulai belajar").first.click()
        await self.page.get_by_label("Nama").fill(self.name)
        await self.page.get_by_label("Alamat email").fill(self.email)
        await self.page.get_by_label("Kata sandi").fill(PASSWORD)
        await self.press("Buat akun")
        await expect(self.page).to_have_url(re.compile("/welcome$"))

    async def skip_to_level(self) -> None:
        """Leave the first questions of the account open."""
        for step in ("goal", "birth-year", "level"):
            await self.follow("Lewati dulu")
            await expect(self.page).to_have_url(re.compile(f"/{step}$"))

    async def enrol(self, level: str) -> None:
        """Get an account and a session without the pages of sign-up, which tests of their own try."""
        account = {"email": self.email, "password": PASSWORD}
        for path, fields in (
            ("/api/v1/accounts", {"full_name": self.name, "level": level}),
            ("/api/v1/sessions", {}),
        ):
            answer = await self.page.context.request.post(path, data=account | fields)
            assert answer.ok, await answer.text()
        await self.page.goto("/")

    async def sign_in(self) -> None:
        """From the sign-in page to the home page."""
        await self.page.goto("/sign-in")
        await self.page.get_by_label("Alamat email").fill(self.email)
        await self.page.get_by_label("Kata sandi").fill(PASSWORD)
        await self.press("Masuk")

    async def choose_level(self, level: str) -> None:
        """Choose where to start."""
        await self.press(level)
        await expect(self.page.get_by_role("heading", level=1)).to_contain_text("Selamat")

    async def read(self, lesson: LessonFile, number: int = 1) -> None:
        """Read a section of the lesson, which is open, and go on."""
        heading = self.page.get_by_role("heading", level=1)
        await expect(heading).to_have_text(lesson.sections[number - 1].title.id)
        await self.page.locator("[data-primary]").click()

    async def answer(self, item) -> None:
        """Answer the question that is open as its key says, and send the answer."""
        await fill(self.page, item)
        await self.page.locator("form [data-primary]").click()

    async def answer_wrongly(self, item) -> None:
        """Answer the question that is open otherwise than its key says, and send the answer."""
        await fill_wrongly(self.page, item)
        await self.page.locator("form [data-primary]").click()

    async def finish_lesson(self, lesson: LessonFile) -> None:
        """Read and answer everything in the lesson, from its cover to its last page."""
        await self.page.goto(f"/lessons/{lesson.slug}")
        await self.follow("Mulai pelajaran")
        steps = steps_of_file(lesson)
        for step in steps:
            if step.kind == "section":
                await self.read(lesson, step.number)
                continue
            number, item = step.number, lesson.questions[step.number - 1]
            counter = self.page.get_by_text(f"Soal {number}/{len(lesson.questions)}", exact=True)
            await expect(counter).to_be_visible()
            await self.answer(item)
            await expect(self.verdict).to_have_text("Terkirim" if item.type in MARKED else "Benar")
            is_last = step == steps[-1]
            await (self.press("Selesaikan pelajaran") if is_last else self.follow("Lanjut"))
        await expect(self.page.get_by_role("heading", level=1)).to_have_text("Pelajaran selesai")
