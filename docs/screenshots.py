"""Screenshots of the HTML report at two widths, in headless Chromium; fails on any console error or overflow.

    python docs/screenshots.py report.html docs/screens

Needs playwright-core's Python package and Debian's chromium (or CHROMIUM with the path of another).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

WIDTHS = (1280, 390)
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def main(report: str, folder: str) -> int:
    """Writes one PNG per width; returns 1 when the page complained or is wider than the window."""
    from playwright.sync_api import sync_playwright

    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=[*FLAGS]
        )
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(Path(report).resolve().as_uri())
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                complaints.append(f"{wide} pixels wide at {width}")
            page.screenshot(path=str(Path(folder) / f"rapport-{width}.png"))
            page.screenshot(path=str(Path(folder) / f"rapport-{width}-entier.png"), full_page=True)
        browser.close()
    for complaint in complaints:
        sys.stderr.write(f"{complaint}\n")
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
