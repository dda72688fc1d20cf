"""Pictures of the page for the documentation: starts the service, drives Debian's Chromium, writes PNG files.

Usage: python scripts/screenshots.py [FOLDER] (default: docs/screenshots). Needs the extras http and e2e, and chromium.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
WIDE, PHONE = {"width": 1180, "height": 860}, {"width": 390, "height": 844}


def home(page: Page, base: str) -> None:
    """The help page."""
    page.goto(base + "/")


def chat(page: Page, base: str) -> None:
    """Two questions answered."""
    page.goto(base + "/chat")
    say(page, "bonjour, je voudrais une copie de ma facture")
    say(page, "comment annuler ma commande ?")


def clarify(page: Page, base: str) -> None:
    """The menu, then a topic, by buttons."""
    page.goto(base + "/")
    say(page, "menu")
    page.locator(".turn.bot").last.get_by_role("button", name="Le paiement de ma commande").click()
    page.locator(".turn.bot").nth(1).wait_for()


def topic(page: Page, base: str) -> None:
    """The second step, without script."""
    page.goto(base + "/sujets/sujet_paiement")


def answer(page: Page, base: str) -> None:
    """An answer, without script."""
    page.goto(base + "/reponses/commande_annuler_modifier")


def contact(page: Page, base: str) -> None:
    """The contact form with something to mend."""
    page.goto(base + "/contact")
    page.fill("#name", "Zoé Martin")
    page.fill("#email", "zoe@")
    page.get_by_role("button", name="Envoyer").click()


def widget(page: Page, base: str) -> None:
    """The widget on another page."""
    page.goto(base + "/docs")
    page.set_content(f"<h1>La page d'une boutique</h1><script src='{base}/widget.js'></script>")
    page.get_by_role("button", name="Une question").click()
    page.frame_locator("iframe").get_by_label("Votre message").wait_for()


# Name -> scene, size, colour scheme, script.
SCENES: dict[str, tuple[Callable[[Page, str], None], Any, Any, bool]] = {
    "home": (home, WIDE, "light", True),
    "home-dark": (home, WIDE, "dark", True),
    "home-phone": (home, PHONE, "light", True),
    "chat": (chat, WIDE, "light", True),
    "chat-phone-dark": (chat, PHONE, "dark", True),
    "menu": (clarify, PHONE, "light", True),
    "topic-without-script": (topic, WIDE, "light", False),
    "answer-without-script": (answer, WIDE, "light", False),
    "contact": (contact, WIDE, "light", False),
    "widget": (widget, WIDE, "light", True),
}


def say(page: Page, text: str) -> None:
    """Types, sends, waits for the reply."""
    before = page.locator(".turn.bot").count()
    page.locator("#question").fill(text)
    page.locator("#question").press("Enter")
    page.locator(".turn.bot").nth(before).wait_for()


@contextmanager
def service() -> Iterator[str]:
    """The service on a free port, with a store of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CHATBOT_DATABASE_URL": f"{folder}/store.sqlite3"}
        command = [sys.executable, "cli.py", "serve", "--port", str(port), "--no-access-log"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        try:
            base = f"http://127.0.0.1:{port}"
            for _ in range(200):
                try:
                    urllib.request.urlopen(base + "/health").close()  # noqa: S310
                    break
                except OSError:
                    time.sleep(0.1)
            yield base
        finally:
            process.terminate()
            process.wait()


def main(folder: Path) -> None:
    """One picture per scene."""
    folder.mkdir(parents=True, exist_ok=True)
    executable = shutil.which("chromium")
    with service() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM)
        for name, (scene, size, scheme, script) in SCENES.items():
            options = {"viewport": size, "color_scheme": scheme, "java_script_enabled": script, "locale": "fr-FR"}
            context = browser.new_context(**options, bypass_csp=name == "widget")
            page = context.new_page()
            scene(page, base)
            page.wait_for_timeout(400)
            page.screenshot(path=str(folder / f"{name}.png"))
            context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots")
