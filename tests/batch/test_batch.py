"""Whole logs at once: the same bytes whatever the number of processes, CSV and Parquet, Arrow."""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from chatbot.channels.batch.lines import answer_line
from chatbot.channels.batch.parallel import chunked, in_order
from chatbot.errors import UsageError
from chatbot.knowledge.sources import read_folder
from chatbot.matching import Matcher

pa = pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
from pyarrow import parquet  # noqa: E402

from chatbot.channels.batch import match_arrow, match_schema  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
Cli = Callable[..., "subprocess.CompletedProcess[str]"]
TEXTS = ["je veux une copie de ma facture", "bonjour", "", "azertyuiop", "facture et avoir", "é" * 300]


@pytest.fixture(scope="module")
def log() -> str:
    """2,000 lines of every kind, the same every time."""
    rng = random.Random(6)  # noqa: S311
    lines = []
    for number in range(2000):
        text = f"{rng.choice(TEXTS)} {number % 40}"
        forms = [json.dumps(text), json.dumps({"text": text, "id": number}), json.dumps(text, ensure_ascii=False)]
        lines.append(rng.choice([*forms, *forms, "", "no json", '{"a": 1}', '"\\ud800"']))
    return "\n".join(lines) + "\n"


def test_more_processes_give_the_same_bytes_in_the_same_order(cli: Cli, log: str) -> None:
    one, two = (cli("match", "--jsonl", "--jobs", jobs, text=log) for jobs in ("1", "2"))
    assert one.returncode == two.returncode == 1
    assert one.stdout == two.stdout
    assert len(one.stdout.splitlines()) == sum(bool(line) for line in log.splitlines())


def test_a_file_of_lines_goes_to_a_file(cli: Cli, log: str, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(log, "utf-8")
    cli("match", str(tmp_path / "in.jsonl"), "--output", str(tmp_path / "out.jsonl"), "--jobs", "2")
    assert (tmp_path / "out.jsonl").read_text("utf-8") == cli("match", text=log).stdout


def test_lines_are_answered_as_they_come() -> None:
    command = [sys.executable, str(ROOT / "cli.py"), "match", "--jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text in ("bonjour", "facture"):
            process.stdin.write(json.dumps(text) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["text"] == text
        process.stdin.close()


def test_a_line_that_is_no_question_is_told_by_its_number(shipped: Matcher) -> None:
    answered = answer_line(shipped, 7, "[1]")
    assert not answered.good
    assert "ligne 7" in json.loads(answered.line)["error"]


def test_a_line_that_is_no_utf_8_is_refused_and_the_others_answered(cli: Cli, tmp_path: Path) -> None:
    """An old Windows file read as if it were UTF-8 would get wrong answers with no sign of it."""
    (tmp_path / "log").write_bytes('"où est ma facture"\n'.encode("latin-1") + b'"ma facture"\n')
    done = cli("match", str(tmp_path / "log"))
    first, second = map(json.loads, done.stdout.splitlines())
    assert (done.returncode, second["intents"]) == (1, ["facture_copie"])
    assert "UTF-8" in first["error"]


def _slow_square(matcher: Matcher, chunk: list[int]) -> list[int]:
    return [number * number for number in chunk]


def test_no_more_is_read_than_is_being_worked_on() -> None:
    read = []

    def numbers() -> Iterator[int]:
        for number in range(1000):
            read.append(number)
            yield number

    results = in_order(_slow_square, chunked(numbers(), 10), None, 2)
    assert next(results) == [n * n for n in range(10)]
    assert len(read) <= 80
    assert [n for chunk in results for n in chunk] == [n * n for n in range(10, 1000)]


def _fail(matcher: Matcher, chunk: list[int]) -> None:
    raise UsageError("raised in a worker")


def test_an_error_in_a_process_reaches_the_caller() -> None:
    with pytest.raises(UsageError, match="raised in a worker"):
        list(in_order(_fail, [[1], [2]], None, 2))


def write_csv(path: Path, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as lines:
        writer = csv.writer(lines, delimiter=delimiter)
        writer.writerow(["id", "question"])
        writer.writerows([number, text] for number, text in enumerate([*TEXTS, 'deux\nlignes, "et" ; plus']))
    return path


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig")])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_csv_keeps_its_columns_and_order(cli: Cli, tmp_path: Path, delimiter: str, encoding: str, jobs: str) -> None:
    source = write_csv(tmp_path / "in.csv", delimiter, encoding)
    done = cli("match", str(source), "--output", str(tmp_path / "out.csv"), "--column", "question", "--jobs", jobs)
    assert done.returncode == 0, done.stderr
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=delimiter))
    assert [row["question"] for row in rows] == [*TEXTS, 'deux\nlignes, "et" ; plus']
    assert (rows[0]["decision"], rows[0]["intents"]) == ("answer", "facture_copie")
    assert rows[2]["decision"] == "fallback"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_parquet_keeps_its_columns_and_order(cli: Cli, tmp_path: Path, jobs: str) -> None:
    table = pa.table({"id": range(len(TEXTS) * 400), "text": [*TEXTS[:-1], None] * 400})
    parquet.write_table(table, tmp_path / "in.parquet")
    done = cli("match", str(tmp_path / "in.parquet"), "--output", str(tmp_path / "out.parquet"), "--jobs", jobs)
    assert done.returncode == 0, done.stderr
    found = parquet.read_table(tmp_path / "out.parquet")
    assert found.select(["id", "text"]).equals(table)
    assert found.column("intents")[0].as_py() == ["facture_copie"]
    assert found.column("decision").null_count == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("absent.jsonl",), "n'existe pas"),
        (("absent.csv", "--output", "o.csv"), "absent.csv"),
        (("in.csv",), "--output"),
        (("in.csv", "--output", "o.parquet"), ".csv"),
        (("in.csv", "--output", "o.csv"), "colonnes : id, question"),
        (("in.csv", "--output", "absent/o.csv", "--column", "question"), "absent"),
        (("bad.parquet", "--output", "o.parquet"), "Parquet"),
        (("in.csv", "--jobs", "-1"), "--jobs"),
        ((".",), "est un dossier"),
        (("in.jsonl", "--output", "."), "est un dossier"),
        (("in.jsonl", "--output", "absent/o.jsonl"), "« absent » n'existe pas"),
        (("absent.parquet", "--output", "o.parquet"), "« absent.parquet » n'existe pas"),
        (("latin.csv", "--output", "o.csv"), "UTF-8"),
        (("long.csv", "--output", "o.csv"), "long.csv:3: 3 cellules pour 2 colonnes"),
        (("twice.csv", "--output", "o.csv"), "en double"),
    ],
)
def test_bad_usage_is_told_in_one_line(cli: Cli, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    write_csv(tmp_path / "in.csv")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no")
    (tmp_path / "in.jsonl").write_text('"facture"\n', "utf-8")
    (tmp_path / "latin.csv").write_text("id;text\n1;où est ma facture\n", "cp1252")
    (tmp_path / "long.csv").write_text("id,text\n1,a\n2,bonjour, ma facture\n", "utf-8")
    (tmp_path / "twice.csv").write_text("text,text\na,b\n", "utf-8")
    done = cli("match", *arguments, folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_failed_run_leaves_no_half_written_file(cli: Cli, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv")
    cli("match", str(source), "--output", str(tmp_path / "o.csv"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv"]


def test_every_column_comes_back_named_twice_or_not_at_all(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,text,id,\n1,facture,2,gardez\n3\n", "utf-8")
    done = cli("match", "in.csv", "--output", "o.csv", folder=tmp_path)
    assert done.stderr == "2 lignes écrites dans o.csv.\n"
    head, first, second = (tmp_path / "o.csv").read_text("utf-8").splitlines()
    assert head.startswith("id,text,id,,decision")
    assert first.startswith("1,facture,2,gardez,")
    assert second.startswith("3,,,,fallback")


def test_a_file_may_be_answered_into_itself(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('\ufeff{"text": "je veux une copie de ma facture"}\n', "utf-8")
    assert cli("match", str(file), "--output", str(file)).returncode == 0
    assert json.loads(file.read_text("utf-8"))["intents"] == ["facture_copie"]


def test_a_run_that_fails_leaves_the_old_output(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('"facture"\n', "utf-8")
    (tmp_path / "old.jsonl").write_text("old", "utf-8")
    done = cli("match", "q.jsonl", "--output", "old.jsonl", "--kb", "absent", folder=tmp_path)
    assert done.returncode == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.jsonl", "q.jsonl"]
    assert (tmp_path / "old.jsonl").read_text("utf-8") == "old"


def test_arrow_adds_what_the_matcher_says(shipped: Matcher) -> None:
    batch = pa.record_batch({"id": [1, 2, 3], "text": [TEXTS[0], None, "ma facture"]})
    found = match_arrow(batch)
    assert found.schema == match_schema(batch.schema)
    first = found.to_pylist()[0]
    match = shipped.match(TEXTS[0])
    assert first["intents"] == list(match.intents)
    assert first["candidates"] == [{"intent": c.intent, "confidence": c.confidence} for c in match.candidates]
    assert found.column("decision").to_pylist()[1] == "fallback"


def test_arrow_takes_what_each_engine_hands_it() -> None:
    batch = pa.record_batch({"text": TEXTS})
    table = pa.Table.from_batches([batch, batch])
    assert isinstance(match_arrow(batch), pa.RecordBatch)
    assert match_arrow(table).num_rows == 2 * len(TEXTS)
    assert [out.num_rows for out in match_arrow(iter([batch, batch]))] == [len(TEXTS)] * 2
    assert match_arrow(table.slice(0, 0)).schema == match_schema(table.schema)
    assert list(match_arrow([])) == []


@pytest.mark.parametrize(
    ("columns", "said"),
    [({"a": ["x"]}, "absente"), ({"text": [1]}, "texte"), ({"text": ["x"], "decision": ["y"]}, "déjà prises")],
)
def test_arrow_tells_what_it_cannot_match(columns: dict[str, list[object]], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        match_arrow(pa.record_batch(columns))


def test_arrow_reads_categories(shipped: Matcher) -> None:
    column = pa.array(["ma facture", "merci", "ma facture"]).dictionary_encode()
    found = match_arrow(pa.table({"text": column}))
    assert found.column("intents").to_pylist() == [["facture_copie"], ["remerciement"], ["facture_copie"]]


def test_arrow_with_the_column_twice_says_so() -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    with pytest.raises(UsageError, match="plusieurs colonnes"):
        match_arrow(table)


def test_the_library_imports_no_extra() -> None:
    code = (
        "import sys, chatbot, chatbot.channels.http, chatbot.channels.batch;"
        "from chatbot import Matcher; Matcher.load().match('facture');"
        "bad = {'fastapi', 'starlette', 'uvicorn', 'pyarrow', 'sqlalchemy', 'jinja2', 'prometheus_client'} & set(sys.modules);"
        "sys.exit(f'imported: {bad}' if bad else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_a_matcher_is_shared_between_threads(shipped: Matcher) -> None:
    expected = [match.as_dict() for match in shipped.match_many(TEXTS)]
    found: list[list[dict[str, object]]] = []

    def work() -> None:
        found.extend([match.as_dict() for match in shipped.match_many(TEXTS)] for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 160
    assert all(matches == expected for matches in found)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_matcher_works_after_a_fork(shipped: Matcher) -> None:
    expected = shipped.match(TEXTS[0]).as_dict()
    code = (
        "import json, os, sys; from chatbot import Matcher; m = Matcher.load(); m.match('bonjour')\n"
        "if os.fork() == 0:\n"
        "    print(json.dumps(m.match(sys.argv[1]).as_dict())); sys.stdout.flush(); os._exit(0)\n"
        "os.wait()"
    )
    command = [sys.executable, "-c", code, TEXTS[0]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == expected


def test_an_output_that_is_a_link_or_a_pipe_stays_one(cli: Cli, log: str, tmp_path: Path) -> None:
    expected = cli("match", text=log).stdout
    target, link, pipe = tmp_path / "target.jsonl", tmp_path / "link.jsonl", tmp_path / "pipe.jsonl"
    link.symlink_to(target)
    assert cli("match", "--output", str(link), text=log).returncode == 1
    assert link.is_symlink()
    assert target.read_text("utf-8") == expected
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text("utf-8")))
    reader.start()
    assert cli("match", "--output", str(pipe), text=log).returncode == 1
    reader.join(timeout=10)
    assert read == [expected]
    assert pipe.is_fifo()


def test_told_to_stop_it_leaves_no_process_and_no_file_behind(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    command = [sys.executable, "cli.py", "match", "--jobs", "2", "--output", str(target)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True) as done:
        assert done.stdin
        with suppress(BrokenPipeError):
            for _ in range(40):
                done.stdin.write(b'"ma facture"\n' * 500)
            _until(lambda: target.with_name("out.jsonl.partial").exists())
            done.terminate()
            assert done.wait(timeout=30) == 143
    _until(lambda: not _alive_in_session(done.pid))
    assert not list(tmp_path.iterdir())


def _alive_in_session(session: int) -> bool:
    try:
        os.killpg(session, 0)
    except ProcessLookupError:
        return False
    return True


def test_arrow_sees_what_the_shop_learnt_since(tmp_path: Path) -> None:
    for name, content in read_folder().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    asked = pa.table({"text": ["le guidon a pris du jeu hier"]})
    assert match_arrow(asked, kb=str(tmp_path)).column("decision").to_pylist() != ["answer"]
    path = tmp_path / "intents" / "salutation.yaml"
    path.write_text(path.read_text("utf-8").rstrip() + "\n  - le guidon a pris du jeu hier\n", "utf-8")
    assert match_arrow(asked, kb=str(tmp_path)).column("intents").to_pylist() == [["salutation"]]


def _until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.02)
