"""axe on the page that is open, light and dark; nothing wider than the window."""

from axe_playwright_python.async_playwright import Axe

GRAVE = {"serious", "critical"}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe that look at colours: all that a change of the colour scheme can break."""


async def check(page, where):
    """Assert that axe finds nothing grave in either scheme and that nothing sticks out sideways.

    The page is light afterwards, and without motion: colours in transition are no colours.
    """
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    await _assert_no_barrier(page, f"{where}, light", {"type": "tag", "values": TAGS})
    width = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, f"{where} is {width} px too wide"
    await page.emulate_media(color_scheme="dark")
    await _assert_no_barrier(page, f"{where}, dark", {"type": "rule", "values": COLOURS})
    await page.emulate_media(color_scheme="light")


async def _assert_no_barrier(page, where, rules):
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    results = await Axe().run(page, options=options)
    grave = [
        f"{where}: {v['id']} ({v['impact']}): {v['help']}: {v['nodes'][0]['html'][:160]}"
        for v in results.response["violations"]
        if v["impact"] in GRAVE
    ]
    assert not grave, "\n".join(grave)
