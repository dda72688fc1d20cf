"""The trial and its screen: typed through a pipe, as a support agent would."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

import pytest
from bicycle_shop import PNEU, write_shop
from prompt_toolkit.data_structures import Size
from prompt_toolkit.formatted_text import fragment_list_to_text
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from chatbot.errors import KnowledgeError, UsageError
from chatbot.matching import Matcher
from chatbot.workbench.live import view
from chatbot.workbench.screen import Mode, Screen
from chatbot.workbench.trial import Trial

NEW = "ma chambre à air a rendu l'âme"
ENTER, CTRL_A, CTRL_D, CTRL_U, CTRL_Z, DOWN = "\r", "\x01", "\x04", "\x15", "\x1a", "\x1b[B"


class _Output(DummyOutput):
    def get_size(self) -> Size:
        return Size(rows=40, columns=100)


def _shown(screen: Screen) -> str:
    return fragment_list_to_text([*screen._body(), *screen._foot()])


def _until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.005)


@contextmanager
def _running(trial: Trial) -> Iterator[tuple[Screen, PipeInput]]:
    with create_pipe_input() as typed:
        screen = Screen(trial, source=typed, sink=_Output(), every=0.05)
        thread = threading.Thread(target=screen.run)
        thread.start()
        try:
            yield screen, typed
        finally:
            typed.send_text(CTRL_D)
            thread.join(timeout=10)
            assert not thread.is_alive()


def test_the_view_tells_matched_corrected_and_unknown_words_apart_without_colour(bicycles: Matcher) -> None:
    shown = fragment_list_to_text(view(bicycles, "mon pnue est crevé zblorgh"))
    assert "~pnue (pneu" in shown
    assert "?zblorgh" in shown
    assert "=crevé" in shown


def test_the_view_names_the_phrasing_it_leans_on_and_the_answer(bicycles: Matcher) -> None:
    shown = fragment_list_to_text(view(bicycles, "mon pneu est crevé"))
    assert "RÉPONSE" in shown
    assert "intents/pneu_creve.yaml:4" in shown
    assert "Mon pneu est crevé, que faire ?" in shown
    assert "Retient" in shown


def test_an_empty_line_asks_for_a_question(bicycles: Matcher) -> None:
    assert "Tapez" in fragment_list_to_text(view(bicycles, "  "))


@pytest.mark.parametrize("text", ["\x1b[2J", "\x00", "😀", "é" * 5000, "a\u202eb"])
def test_the_view_stands_anything_typed(bicycles: Matcher, text: str) -> None:
    assert "\x1b" not in fragment_list_to_text(view(bicycles, text))


def test_the_screen_follows_each_key(folder: Path) -> None:
    with _running(Trial(folder)) as (screen, typed):
        typed.send_text("mon pneu est crev")
        typed.send_text("é")
        _until(lambda: "pneu_creve  (formulation exacte)" in _shown(screen))


def test_a_sentence_is_taught_then_taken_back(folder: Path) -> None:
    path = folder / "intents" / "pneu_creve.yaml"
    with _running(Trial(folder)) as (screen, typed):
        typed.send_text(NEW + CTRL_A)
        _until(lambda: screen.mode is Mode.CHOOSING)
        for _ in range(screen.choices.index("pneu_creve")):
            typed.send_text(DOWN)
        typed.send_text(ENTER)
        _until(lambda: screen.mode is Mode.CONFIRMING)
        assert f"« {NEW} » -> pneu_creve" in _shown(screen)
        typed.send_text(ENTER)
        _until(lambda: screen.trial.matcher.match(NEW).reason == "formulation exacte")
        assert f"  - {NEW}\n" in path.read_text("utf-8")
        typed.send_text(CTRL_Z)
        _until(lambda: path.read_text("utf-8") == PNEU)
        _until(lambda: screen.trial.matcher.match(NEW).reason != "formulation exacte")


def test_escape_leaves_the_files_alone(folder: Path) -> None:
    before = (folder / "intents" / "pneu_creve.yaml").read_bytes()
    with _running(Trial(folder)) as (screen, typed):
        typed.send_text(NEW + CTRL_A)
        _until(lambda: screen.mode is Mode.CHOOSING)
        typed.send_text("\x1b")
        _until(lambda: screen.mode is Mode.TYPING)
    assert (folder / "intents" / "pneu_creve.yaml").read_bytes() == before


def test_a_saved_file_is_read_again_and_a_broken_one_keeps_the_last_good(folder: Path) -> None:
    path = folder / "intents" / "louer_velo.yaml"
    with _running(Trial(folder)) as (screen, typed):
        typed.send_text("un cargo pour les enfants")
        good = path.read_text("utf-8")
        path.write_text(good + "  - un cargo pour les enfants\n", "utf-8")
        _until(lambda: "louer_velo  (formulation exacte)" in _shown(screen))
        path.write_text(good + "  - a: b: c\n", "utf-8")
        _until(lambda: "intents/louer_velo.yaml:13" in _shown(screen))
        assert "louer_velo  (formulation exacte)" in _shown(screen)
        path.write_text(good, "utf-8")
        _until(lambda: "intents/louer_velo.yaml:13" not in _shown(screen))


def test_the_files_are_still_watched_when_the_screen_cannot_be_drawn(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "intents" / "louer_velo.yaml"
    with _running(Trial(folder)) as (screen, _):

        def left() -> None:
            raise RuntimeError("no running event loop")

        monkeypatch.setattr(screen.application, "invalidate", left)
        for text in ("un cargo pour les enfants", "un cargo pour les parents"):
            path.write_text(path.read_text("utf-8") + f"  - {text}\n", "utf-8")
            _until(lambda text=text: screen.trial.matcher.match(text).reason == "formulation exacte")  # type: ignore[misc]


def test_a_key_is_drawn_within_30_ms_on_the_shipped_knowledge(shipped: Matcher) -> None:
    drawn = threading.Event()
    with _running(Trial()) as (screen, typed):
        screen.application.after_render += lambda _: drawn.set()
        times = []
        for key in "comment avoir ma facture du mois dernier":
            drawn.clear()
            start = time.perf_counter()
            typed.send_text(key)
            assert drawn.wait(5)
            times.append(time.perf_counter() - start)
    # The quickest quarter: what the screen costs, whatever else this machine is doing.
    assert quantiles(times)[0] < 0.030


def test_consequences_name_phrasings_that_would_be_lost(folder: Path) -> None:
    found = Trial(folder).weigh("puis-je louer un tandem pour samedi", "pneu_creve")
    assert found.sentence.after.given == "pneu_creve"
    assert found.looked_at > 0
    assert found.new_words == ()


def test_consequences_warn_of_words_that_become_known(folder: Path) -> None:
    assert Trial(folder).weigh("mon pneux est crevé zblorgh", "pneu_creve").new_words == ("pneux", "zblorgh")


def test_the_weighed_knowledge_is_the_one_the_file_gives(folder: Path) -> None:
    trial = Trial(folder)
    found = trial.weigh(NEW, "pneu_creve")
    trial.add(found)
    assert trial.matcher is found.matcher
    assert Matcher.load(folder).compiled.version == found.matcher.compiled.version


@pytest.mark.parametrize("intent", ["pneu_creve", "louer_velo"])
def test_a_sentence_that_is_there_is_not_added_again(folder: Path, intent: str) -> None:
    with pytest.raises(UsageError, match=r"déjà là : intents/pneu_creve.yaml:4 « mon pneu est crevé »"):
        Trial(folder).weigh("Mon pneu est CREVÉ", intent)


@pytest.mark.parametrize("mine", ["zoe@exemple.fr", "06 11 22 33 44"])
def test_what_is_somebodys_is_not_learnt(folder: Path, mine: str) -> None:
    with pytest.raises(UsageError, match=mine):
        Trial(folder).weigh(f"{NEW}, répondez à {mine}", "pneu_creve")


def test_letters_search_the_list_and_stay_out_of_the_sentence(folder: Path) -> None:
    with _running(Trial(folder)) as (screen, typed):
        typed.send_text(NEW + CTRL_A)
        _until(lambda: screen.mode is Mode.CHOOSING)
        typed.send_text("loué\x7fer q")
        _until(lambda: screen.choices == ["louer_velo"])
        assert screen.buffer.text == NEW
        typed.send_text("\x1b")
        _until(lambda: screen.mode is Mode.TYPING)
        typed.send_text(" !")
        _until(lambda: screen.buffer.text == NEW + " !")


def test_the_answer_is_shown_as_customers_read_it(bicycles: Matcher) -> None:
    shown = fragment_list_to_text(view(bicycles, "mon pneu est crevé"))
    assert "01 23 45 67 89" in shown
    assert "{telephone}" not in shown


def test_an_unknown_intent_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="pas une intention"):
        Trial(folder).weigh(NEW, "pneu")


def test_a_trial_needs_something_good_to_start_from(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError):
        Trial(write_shop(tmp_path, louer_velo="formulations: [a\n"))
