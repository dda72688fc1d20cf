"""The page in real Chromium: chat, menu, form, keyboard, no script, small screens, accessibility, widgets."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from http_servers import serving, site

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install -y chromium"),
]
playwright_api = pytest.importorskip("playwright.sync_api", reason="the extra e2e is not installed")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = (
    "/",
    "/chat",
    "/chat?cadre=1",
    "/contact",
    "/sujets/sujet_paiement",
    "/reponses/facture_copie",
    "/docs",
    "/nowhere/",
)
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, environment: None) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("service")) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any, base: str) -> Iterator[Open]:
    """Opens pages; at the end none of them may have met a script error or broken the content policy."""
    contexts: list[Any] = []
    faults: list[str] = []

    def opener(path: str = "/chat", *, quiet: bool = True, **options: Any) -> Any:
        context = chromium.new_context(locale="fr-FR", **{"viewport": {"width": 1100, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        if quiet:
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(path if path.startswith("http") else base + path)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert faults == []


def say(page: Any, text: str) -> Any:
    """Types and presses Enter, waits for the reply, gives it."""
    replies = page.locator(".turn.bot")
    before = replies.count()
    page.locator("#question").fill(text)
    page.locator("#question").press("Enter")
    replies.nth(before).wait_for()
    return replies.last


def violations(page: Any) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra e2e is not installed")
    found = axe.Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['help']}: {[n['html'][:120] for n in v['nodes']]}" for v in found]


@pytest.mark.parametrize("path", ["/", "/chat"])
def test_a_question_is_answered_and_the_focus_stays(open_page: Open, path: str) -> None:
    page = open_page(path)
    reply = say(page, "je voudrais une copie de ma facture")
    assert "Consulter votre facture" in reply.inner_text()
    assert "je voudrais une copie de ma facture" in page.locator(".turn.me").last.inner_text()
    assert page.evaluate("document.activeElement.id") == "question"
    assert page.locator("#question").input_value() == ""


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_enter_sends_what_was_typed_not_a_button_above(open_page: Open, script: bool) -> None:
    page = open_page("/chat", java_script_enabled=script)
    assert page.locator(".choices button").count() >= 4
    page.locator("#question").fill("comment annuler ma commande")
    page.locator("#question").press("Enter")
    page.get_by_text("appelez immédiatement").wait_for()


def test_menu_topic_question_by_buttons(open_page: Open) -> None:
    page = open_page()
    say(page, "menu")
    page.locator(".turn.bot").last.get_by_role("button", name="Le paiement de ma commande").click()
    page.locator(".turn.bot").nth(2).get_by_role("button", name="Comment annuler ou modifier ma commande").click()
    assert "Etat de traitement: En attente" in page.locator(".turn.bot").nth(3).inner_text()
    assert page.evaluate("document.activeElement.id") == "question"


def test_a_clarification_is_offered_as_buttons(open_page: Open) -> None:
    page = open_page()
    # A word alone, which may mean anything: tests/matching/test_match.py says so.
    reply = say(page, "changer")
    assert reply.get_attribute("data-kind") == "clarify"
    label = reply.locator(".choices button").first.inner_text()
    reply.locator(".choices button").first.click()
    assert page.locator(".turn.me").last.inner_text().endswith(label)


def test_the_contact_form_within_the_chat(open_page: Open) -> None:
    page = open_page()
    for text in ("formulaire", "Zoé Martin", "zoe@exemple.fr", "passer", "Mon colis est arrivé ouvert."):
        reply = say(page, text)
    reply.get_by_role("button", name="Envoyer").click()
    sent = page.locator('.turn.bot[data-kind="sent"]')
    sent.wait_for()
    assert "référence" in sent.inner_text()


def test_a_secret_is_wiped_and_not_kept(open_page: Open) -> None:
    page = open_page()
    say(page, "ma carte est 4970 1012 3456 7893")
    assert page.locator(".turn.me").last.inner_text().endswith("•••")
    assert "4970" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_nothing_is_kept_before_the_first_message_and_never_a_cookie(open_page: Open) -> None:
    page = open_page("/")
    assert page.evaluate("[document.cookie, sessionStorage.length, localStorage.length]") == ["", 0, 0]
    say(page, "bonjour")
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length") == 0


def test_the_conversation_goes_on_across_pages(open_page: Open, base: str) -> None:
    page = open_page("/")
    say(page, "menu")
    page.goto(base + "/chat")
    assert page.locator(".turn.me").count() == 1
    assert "facture" in say(page, "2").inner_text().lower()


def test_an_ended_conversation_is_forgotten(open_page: Open) -> None:
    page = open_page()
    say(page, "menu")
    assert say(page, "quitter").get_attribute("data-kind") == "end"
    page.reload()
    assert page.locator(".turn.me").count() == 0


def test_a_reply_lost_on_the_way_is_asked_for_again_not_taken_twice(open_page: Open) -> None:
    page = open_page(quiet=False)
    say(page, "menu")
    lost: list[int] = []

    def lose_first(route: Any) -> None:
        if not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/chat/turn", lose_first)
    reply = say(page, "Le paiement de ma commande")
    assert lost == [200]
    assert reply.get_by_role("button", name="Comment annuler").count() == 1


def test_a_service_that_is_gone_leaves_the_message_in_place(open_page: Open) -> None:
    page = open_page(quiet=False)
    page.route("**/chat/turn", lambda route: route.abort())
    page.locator("#question").fill("une copie de ma facture")
    page.locator("#question").press("Enter")
    page.get_by_text("ne répond pas").wait_for()
    assert page.locator("#question").input_value() == "une copie de ma facture"
    assert page.locator(".turn.me").count() == 0


def test_the_help_page_s_two_steps_without_script(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False)
    page.get_by_role("link", name="Le paiement de ma commande").click()
    page.get_by_role("link", name="Comment utiliser mon avoir").click()
    assert "étape 4 (Paiement)" in page.locator(".answer").inner_text()
    page.get_by_role("link", name="Tous les sujets").click()
    page.get_by_role("link", name="Comment obtenir une copie de ma facture").click()
    assert "Consulter votre facture" in page.locator(".answer").inner_text()


def test_the_chat_without_script(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False)
    page.get_by_label("Posez votre question").fill("menu")
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("button", name="Le paiement de ma commande").click()
    page.get_by_role("button", name="Comment annuler ou modifier ma commande").click()
    assert "En attente" in page.locator(".turn.bot").inner_text()


def test_the_contact_page_without_script(open_page: Open) -> None:
    page = open_page("/contact", quiet=False, java_script_enabled=False)
    page.get_by_role("button", name="Envoyer").click()
    assert page.get_by_role("alert").get_by_role("link").count() == 3
    page.get_by_label("Votre nom").fill("Zoé Martin")
    page.get_by_label("Votre adresse e-mail").fill("zoe@exemple.fr")
    page.get_by_label("Votre message").fill("Mon colis est arrivé ouvert.")
    page.get_by_role("button", name="Envoyer").click()
    assert "référence" in page.get_by_role("status").inner_text()


def test_keyboard_alone(open_page: Open) -> None:
    page = open_page("/chat")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.getAttribute('role') || document.activeElement.value"))
        if page.evaluate("document.activeElement.name") == "choice":
            break
    assert "log" in seen
    page.keyboard.press("Enter")
    page.locator(".turn.bot").nth(1).wait_for()
    assert "Consulter votre facture" in page.locator(".turn.bot").nth(1).inner_text()
    page.keyboard.type("menu")
    page.keyboard.press("Enter")
    page.locator(".turn.bot").nth(2).wait_for()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.name") == "choice"


def test_the_log_is_a_polite_live_region_in_french(open_page: Open) -> None:
    page = open_page()
    assert page.locator("html").get_attribute("lang") == "fr"
    log = page.get_by_role("log", name="Conversation")
    say(page, "bonjour")
    assert log.get_attribute("aria-busy") is None
    turns = [turn.split("\n")[0].replace("\u00a0", " ") for turn in log.locator(".turn").all_inner_texts()]
    assert turns == ["L'assistant :", "Vous :", "L'assistant :"]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_over_the_edge(open_page: Open, path: str) -> None:
    page = open_page(path, quiet=False)
    if page.locator("#question").count():
        say(page, "une copie de ma facture")
    for width in (320, 390, 550):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_twice_the_text_size_still_fits(open_page: Open) -> None:
    page = open_page("/", viewport={"width": 1100, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    say(page, "menu")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1100


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_fault(open_page: Open, path: str, scheme: str) -> None:
    page = open_page(path, quiet=False, color_scheme=scheme, reduced_motion="reduce")
    if page.locator("#question").count():
        say(page, "menu")
        say(page, "une copie de ma facture")
    assert violations(page) == []


def test_axe_finds_no_fault_in_a_refused_form(open_page: Open) -> None:
    page = open_page("/contact", quiet=False)
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("alert").wait_for()
    assert violations(page) == []


def test_who_wants_no_motion_gets_none(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    reply = say(page, "bonjour")
    assert reply.evaluate("element => getComputedStyle(element).animationName") == "none"


@pytest.fixture
def shop_site(tmp_path: Path, base: str) -> Iterator[str]:
    """Another site, with a strict policy of its own, that includes the widget by one tag."""
    policy = f"default-src 'none'; script-src {base}; frame-src {base}"
    (tmp_path / "index.html").write_text(
        f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>Boutique</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<main><h1>Boutique</h1></main><script src="{base}/widget.js" defer></script></html>',
        "utf-8",
    )
    with site(tmp_path) as address:
        yield address


def test_the_widget_on_another_site(open_page: Open, shop_site: str, base: str) -> None:
    page = open_page(shop_site, quiet=False)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    button = page.get_by_role("button", name="Une question")
    button.wait_for()
    assert not [url for url in asked if url.startswith(base)]
    button.click()
    frame = page.frame_locator("iframe")
    frame.get_by_label("Votre message").fill("une copie de ma facture")
    frame.get_by_label("Votre message").press("Enter")
    frame.get_by_text("Consulter votre facture").wait_for()
    assert page.context.cookies() == []
    assert violations(page) == []
    closing = page.get_by_role("button", name="Fermer")
    assert closing.get_attribute("aria-expanded") == "true"
    closing.focus()
    page.keyboard.press("Escape")
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    assert frame.get_by_text("Consulter votre facture").count() == 1


def test_the_widget_fits_a_phone(open_page: Open, shop_site: str) -> None:
    page = open_page(shop_site, quiet=False, viewport={"width": 320, "height": 640})
    page.get_by_role("button", name="Une question").click()
    page.frame_locator("iframe").get_by_label("Votre message").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.fixture(scope="module")
def rasa_widget(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A widget written for Rasa's REST channel, as its authors published it."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm: apt-get install -y npm")
    folder = tmp_path_factory.mktemp("rasa")
    subprocess.run([npm, "pack", "--silent", "@scalableminds/chatroom@0.12.0"], cwd=folder, check=True, timeout=120)
    (archive,) = folder.glob("*.tgz")
    shutil.unpack_archive(archive, folder, filter="data")
    return folder / "package"


@pytest.mark.npm
def test_a_widget_written_for_rasa_works_unchanged(open_page: Open, rasa_widget: Path, tmp_path: Path) -> None:
    with site(rasa_widget) as shop, serving(tmp_path, "--origin", shop) as service:
        (rasa_widget / "shop.html").write_text(
            '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="dist/Chatroom.css">'
            '<div class="chat-container"></div><script src="dist/Chatroom.js"></script><script>'
            f'new window.Chatroom({{host: "{service}", title: "Aide", welcomeMessage: "Bonjour",'
            'container: document.querySelector(".chat-container")}).openChat();</script>',
            "utf-8",
        )
        page = open_page(f"{shop}/shop.html", quiet=False)
        page.locator("form.input input").first.fill("menu")
        page.locator("form.input input").first.press("Enter")
        page.locator(".chat-button", has_text="Le paiement de ma commande").click()
        page.locator(".chat-button", has_text="Comment annuler ou modifier ma commande").click()
        page.get_by_text("appelez immédiatement").wait_for()
