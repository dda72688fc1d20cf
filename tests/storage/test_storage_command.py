"""`cli.py contact …` as support staff use it: French, JSON for programs, exit codes, nothing a terminal would obey."""

from __future__ import annotations

import csv
import io
import json
import stat
import time

import pytest
from aiosmtpd.controller import Controller
from hypothesis import given
from hypothesis import strategies as st

from chatbot.__main__ import main
from chatbot.dialogue.ports import ContactRequest, Redacted
from chatbot.storage.contacts import submit
from chatbot.storage.exports import safe_cell
from chatbot.storage.journal import write_entry
from chatbot.storage.store import open_store

REQUEST = ContactRequest("Élodie Petit", "elodie@exemple.fr", "", "Où est\nmon colis ?")


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch, database):
    for name in ("CHATBOT_SMTP_URL", "CHATBOT_CONTACT_TO", "CHATBOT_CONTACT_FROM", "CHATBOT_JOURNAL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CHATBOT_DATABASE_URL", database)


@pytest.fixture
def run(capsys):
    def command(*words: str) -> tuple[int, str, str]:
        code = main(["contact", *words])
        done = capsys.readouterr()
        return code, done.out, done.err

    return command


def test_list_of_nothing(run):
    assert run("list") == (0, "", "Aucune demande.\n")


def test_list_has_a_line_per_request(run, store):
    references = [submit(store, REQUEST) for _ in range(2)]
    code, out, _ = run("list")
    assert (code, [line.split()[0] for line in out.splitlines()]) == (0, references)
    assert "en attente" in out
    assert "Élodie Petit" in out


def test_list_as_json(run, store):
    reference = submit(store, REQUEST)
    code, out, _ = run("list", "--json")
    [request] = json.loads(out)
    assert (code, request["reference"], request["created_at"]) == (0, reference, "2023-11-14T22:13:20Z")


def test_show_says_everything(run, store):
    reference = submit(store, REQUEST)
    code, out, _ = run("show", reference.lower())
    assert code == 0
    for part in (reference, *REQUEST.message.split("\n"), REQUEST.email, "non précisée"):
        assert part in out


def test_show_as_json(run, store):
    reference = submit(store, REQUEST)
    assert json.loads(run("show", reference, "--json")[1])["message"] == REQUEST.message


def test_show_of_an_unknown_reference_is_bad_usage(run):
    code, _, err = run("show", "777-777")
    assert (code, "aucune demande « 777-777 »" in err) == (2, True)


def test_show_sends_no_escape_sequence_to_the_terminal(run, store):
    reference = submit(store, REQUEST._replace(message="rouge \x1b[31m\u202e ici"))
    assert not {"\x1b", "\u202e"} & set(run("show", reference)[1])


def test_send_without_settings_is_bad_usage(run, store):
    submit(store, REQUEST)
    code, _, err = run("send")
    assert (code, "CHATBOT_SMTP_URL" in err) == (2, True)


class Answering:
    def __init__(self, answer: str) -> None:
        self.answer = answer

    async def handle_DATA(self, _server, _session, _envelope):  # noqa: N802
        return self.answer


@pytest.fixture
def serve(monkeypatch, unused_port):
    started: list[Controller] = []

    def start(answer: str) -> None:
        started.append(Controller(Answering(answer), hostname="127.0.0.1", port=unused_port))
        started[-1].start()
        monkeypatch.setenv("CHATBOT_SMTP_URL", f"smtp://127.0.0.1:{unused_port}")
        monkeypatch.setenv("CHATBOT_CONTACT_TO", "contact@boutique.exemple")

    yield start
    for controller in started:
        controller.stop()


def test_send_reports_what_went_out(run, store, serve):
    submit(store, REQUEST)
    serve("250 OK")
    assert run("send")[:2] == (0, "Envoyées : 1 ; échecs : 0 ; en attente : 0.\n")
    assert "envoyée" in run("list")[1]


def test_send_that_fails_exits_1_and_says_why_in_show(run, store, serve):
    reference = submit(store, REQUEST)
    serve("451 plus tard")
    code, out, _ = run("send", "--json")
    assert (code, json.loads(out)) == (1, {"sent": 0, "failed": 1, "waiting": 1})
    assert "451 plus tard" in run("show", reference)[1]
    assert "en échec" in run("list")[1]


def test_export_as_csv_comes_back_whole(run, store):
    reference = submit(store, REQUEST)
    [row] = csv.DictReader(io.StringIO(run("export")[1]), delimiter=";")
    assert (row["reference"], row["message"]) == (reference, REQUEST.message)


def test_export_as_jsonl_comes_back_whole(run, store):
    references = [submit(store, REQUEST) for _ in range(2)]
    lines = run("export", "--format", "jsonl")[1].splitlines()
    assert [json.loads(line)["reference"] for line in lines] == references


def test_exported_file_is_private_and_has_the_mark_spreadsheets_want(run, store, tmp_path):
    submit(store, REQUEST)
    path = tmp_path / "demandes.csv"
    assert run("export", "--output", str(path))[0] == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_export_to_an_impossible_file_is_bad_usage(run, tmp_path):
    assert run("export", "--output", str(tmp_path / "absent" / "x.csv"))[0] == 2


def test_exported_formula_is_only_text(run, store):
    submit(store, REQUEST._replace(name='=HYPERLINK("http://exemple.fr")', message="+33"))
    [row] = csv.DictReader(io.StringIO(run("export")[1]), delimiter=";")
    assert (row["name"], row["message"]) == ('\'=HYPERLINK("http://exemple.fr")', "'+33")


@given(st.text())
def test_no_cell_begins_like_a_formula(text):
    assert not safe_cell(text).lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


def test_purge_finds_nothing_among_recent_requests(run, database):
    recent = open_store(database)
    submit(recent, REQUEST)
    recent.close()
    code, out, err = run("purge", "--days", "1", "--unsent")
    assert (code, "0 demande" in out, err) == (0, True, "")


@pytest.mark.parametrize("confirmed", [True, False])
def test_purge_takes_away_only_when_confirmed(run, database, confirmed):
    old = open_store(database, lambda: 1_500_000_000)
    submit(old, REQUEST)
    old.close()
    code, out, _ = run("purge", "--days", "30", "--unsent", *(["--yes"] if confirmed else []))
    assert (code, "1 demande" in out) == (0 if confirmed else 1, True)
    assert len(json.loads(run("list", "--json")[1])) == (0 if confirmed else 1)


def test_purge_of_one_reference_takes_away_that_one_only(run, store):
    gone, kept = submit(store, REQUEST), submit(store, REQUEST)
    assert run("purge", "--reference", gone)[0] == 1
    assert run("purge", "--reference", gone, "--yes")[0] == 0
    assert [request["reference"] for request in json.loads(run("list", "--json")[1])] == [kept]


def test_purge_of_an_unknown_reference_is_bad_usage(run):
    assert run("purge", "--reference", "777-777", "--yes")[0] == 2


def test_purge_of_the_journal_goes_with_its_flag(run, database):
    old = open_store(database, lambda: time.time() - 40 * 86_400)
    write_entry(old, "fallback", Redacted("ancien", ()), ())
    old.close()
    assert json.loads(run("purge", "--days", "30", "--json")[1])["journal"] == 0
    assert json.loads(run("purge", "--days", "30", "--journal", "--json")[1])["journal"] == 1
    assert run("purge", "--days", "30", "--journal", "--yes")[0] == 0
    assert json.loads(run("purge", "--days", "30", "--journal", "--json")[1])["journal"] == 0


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["purge"],
        ["purge", "--days", "1", "--reference", "a"],
        ["purge", "--days", "0"],
        ["purge", "--days", "9" * 5000],
        ["show"],
        ["fly"],
        ["export", "--format", "xls"],
    ],
)
def test_command_that_makes_no_sense_is_bad_usage(words, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["contact", *words])
    capsys.readouterr()
    assert caught.value.code == 2


def test_database_that_cannot_be_opened_exits_2(run, tmp_path):
    code, _, err = run("list", "--database", str(tmp_path))
    assert (code, "base" in err) == (2, True)
