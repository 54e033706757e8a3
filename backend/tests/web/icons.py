"""Draws the icons and the preview of the site from the mark: `python -m tests.web.icons`."""

import asyncio
import re

from playwright.async_api import Browser, async_playwright

from app.web.rendering import TEMPLATES
from app.web.static_files import STATIC
from tests.chromium import ARGUMENTS, find_chromium

IMAGES = STATIC / "images"
BRAND, PAPER = "#0d5a62", "#f6f8f7"
_MARK = re.search(r'<path d="(M7 4\.5[^"]+)"', (TEMPLATES / "macros/icons.html").read_text())


def mark(size: int, colour: str) -> str:
    """Return the mark as an SVG of `size` pixels."""
    assert _MARK
    return (
        f'<svg width="{size}" height="{size}" viewBox="0 0 32 32" fill="none" stroke="{colour}" '
        f'stroke-width="4" stroke-linecap="round" stroke-linejoin="round"><path d="{_MARK[1]}"/></svg>'
    )


def icon(size: int, *, share: float, radius: float) -> str:
    """Return an icon: the mark over `share` of a square with rounded corners."""
    return (
        f'<div style="display:grid;place-items:center;width:{size}px;height:{size}px;'
        f'background:{BRAND};border-radius:{size * radius}px">{mark(int(size * share), "#ffe28a")}</div>'
    )


PREVIEW = f"""
<div style="display:flex;flex-direction:column;justify-content:center;gap:36px;width:1200px;
  height:630px;padding:90px;box-sizing:border-box;background:{PAPER};font-family:system-ui,sans-serif">
  <div style="display:flex;align-items:center;gap:24px;color:{BRAND};font-size:64px;font-weight:700">
    {mark(96, BRAND)}Lancar</div>
  <div style="font-size:92px;font-weight:750;line-height:1.05;letter-spacing:-3px;color:#142022">
    Bahasa Inggris yang mengalir.</div>
  <div style="font-size:44px;color:#48585a">I <mark style="background:#ffe28a">have lived</mark>
    here <mark style="background:#ffe28a">for</mark> ten years. &nbsp;A1 – B2, gratis.</div>
</div>
"""
PICTURES = {
    "icon-192.png": (192, 192, icon(192, share=0.72, radius=0.22)),
    "icon-512.png": (512, 512, icon(512, share=0.72, radius=0.22)),
    # A maskable icon is cut to any shape: its sign stays within the inner 80 %.
    "icon-maskable-512.png": (512, 512, icon(512, share=0.52, radius=0)),
    "apple-touch-icon.png": (180, 180, icon(180, share=0.66, radius=0)),
    "preview.png": (1200, 630, PREVIEW),
}


async def draw(browser: Browser) -> None:
    """Write the pictures."""
    for name, (width, height, body) in PICTURES.items():
        page = await browser.new_page(viewport={"width": width, "height": height})
        await page.set_content(f'<body style="margin:0;background:transparent">{body}')
        await page.screenshot(path=IMAGES / name, omit_background=True)
        await page.close()


async def main() -> None:
    """Draw them in Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        await draw(browser)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
