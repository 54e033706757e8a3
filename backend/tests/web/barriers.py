"""axe on the page that is open, light and dark, small and large; nothing wider than the window."""

from axe_playwright_python.async_playwright import Axe

GRAVE = {"serious", "critical"}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


async def check(page, where):
    """Assert that axe finds nothing grave, light and dark, and that nothing sticks out sideways.

    The page is light, of its own size, first, and dark and of the other size (a phone's, or a
    desktop's) then; afterwards it is as before, but without motion: colours in transition are no
    colours.
    """
    size = page.viewport_size
    phone, desktop = SIZES
    other = desktop if size["width"] < desktop["width"] else phone
    for scheme, window in (("light", size), ("dark", other)):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if window != size:
            await page.set_viewport_size(window)
        name = f"{where}, {scheme}, {window['width']} px"
        await _assert_no_barrier(page, name, {"type": "tag", "values": TAGS})
        width = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{name} is {width} px too wide"
    await page.set_viewport_size(size)
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
