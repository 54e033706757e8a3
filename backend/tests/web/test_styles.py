"""What stands in the style sheets is understood: a browser drops in silence what it does not know."""

import re

from app.web.static_files import STATIC

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DESCRIPTORS = re.compile(r"@(?:font-face|property|counter-style|view-transition)[^{]*\{[^}]*\}")
DECLARATION = re.compile(r"(?:^|[{;])\s*(?P<name>-?[a-z][a-z-]*):\s*(?P<value>[^;{}]+)(?=;)")

AHEAD = {"line-clamp"}
"""Stands beside what Chromium still calls -webkit-line-clamp."""


async def test_every_property_and_value_is_known_to_the_browser(browser):
    page = await browser.new_page()
    unknown = []
    for file in sorted((STATIC / "css").glob("*.css")):
        text = DESCRIPTORS.sub("", COMMENT.sub("", file.read_text()))
        declared = [
            (found["name"], found["value"].removesuffix("!important").strip())
            for found in DECLARATION.finditer(text)
        ]
        assert declared
        known = await page.evaluate("declared => declared.map(d => CSS.supports(...d))", declared)
        unknown += [
            f"{file.name}: {name}: {value}"
            for (name, value), is_known in zip(declared, known, strict=True)
            if not is_known and name not in AHEAD
        ]
    await page.close()
    assert unknown == []
