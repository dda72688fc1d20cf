"""The service as it runs: processes, signals, slow clients, workers; the OpenAPI document fuzzed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from http_servers import ROOT, free_port, serving, start, stop, wait_for
from http_shops import TOKEN, write_shop


def post(url: str, body: Any, **headers: str) -> tuple[int, Any]:
    request = urllib.request.Request(  # noqa: S310
        url, json.dumps(body).encode(), {"content-type": "application/json", **headers}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, environment: None) -> Iterator[str]:
    """A service that gives clients one second."""
    with serving(tmp_path_factory.mktemp("service"), "--timeout", "1.0") as address:
        yield address


def connected(base: str) -> socket.socket:
    at = urlsplit(base)
    return socket.create_connection((at.hostname or "", at.port or 0), timeout=20)


def test_a_head_that_never_ends_is_dropped(base: str) -> None:
    with connected(base) as line:
        line.sendall(b"POST /v1/match HTTP/1.1\r\nHost: a\r\n")
        begun = time.monotonic()
        assert line.recv(1000) == b""
        assert time.monotonic() - begun < 5


def test_a_second_head_that_never_ends_is_dropped_too(base: str) -> None:
    with connected(base) as line:
        line.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"200 OK" in line.recv(4000)
        time.sleep(0.2)
        line.sendall(b"GET /health HTTP/1.1\r\nHo")
        begun = time.monotonic()
        while line.recv(4000):
            pass
        assert time.monotonic() - begun < 5


@pytest.mark.parametrize("piece", [b"x-a: " + b"a" * 2000 + b"\r\n", b"a" * 2000], ids=["many headers", "a long one"])
def test_a_head_that_grows_too_long_is_refused(base: str, piece: bytes) -> None:
    with connected(base) as line:
        line.sendall(b"GET /v1/topics HTTP/1.1\r\nHost: a\r\nx-b: ")
        with suppress(ConnectionError):
            for _ in range(200):
                line.sendall(piece)
        with suppress(ConnectionError):
            assert line.recv(4096).startswith(b"HTTP/1.1 431 ")
    assert post(base + "/v1/match", {"text": "facture"})[0] == 200


def test_a_large_body_in_one_piece_is_no_long_head(base: str) -> None:
    assert post(base + "/v1/match", {"texts": ["facture " * 400] * 20})[0] == 200


def test_a_body_that_never_comes_is_told_so(base: str) -> None:
    head = b"POST /v1/match HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"
    with connected(base) as line:
        line.sendall(head)
        answer = line.recv(4000)
        assert b" 408 " in answer.split(b"\r\n")[0]


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x00\xa5\x01",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET \x00 HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ],
)
def test_what_is_no_http_does_no_harm(base: str, sent: bytes) -> None:
    with connected(base) as line:
        line.sendall(sent)
        first = line.recv(4000).split(b"\r\n")[0]
    assert first == b"" or 400 <= int(first.split()[1]) < 500
    assert post(base + "/v1/match", {"text": "facture"})[0] == 200


def test_a_reply_under_way_when_told_to_stop_is_not_lost(tmp_path: Path) -> None:
    port = free_port()
    process = start(port, str(tmp_path / "s.sqlite3"))
    address = f"http://127.0.0.1:{port}"
    wait_for(address + "/health")
    texts = [f"jje vouddrais retournner l'artticle nummero {n} quji nne marrche ppas ddu ttout" for n in range(250)]
    answers: list[tuple[int, Any]] = []
    caller = threading.Thread(target=lambda: answers.append(post(address + "/v1/match", {"texts": texts})))
    caller.start()
    time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    caller.join(30)
    assert stop(process) in (0, -signal.SIGTERM)
    assert answers[0][0] == 200
    assert len(answers[0][1]["matches"]) == 250


def test_nothing_is_left_in_the_temporary_folder_when_told_to_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    port = free_port()
    process = start(port, str(tmp_path / "s.sqlite3"))
    wait_for(f"http://127.0.0.1:{port}/health")
    process.send_signal(signal.SIGTERM)
    stop(process)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_log_on_disk_holds_no_word_of_the_customers(tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        post(address + "/v1/conversations/secretid99/messages?q=xyzzy", {"text": "xyzzy"})
        post(address + "/v1/match", {"xyzzy": "xyzzy"})
    log = (tmp_path / "service.log").read_text("utf-8")
    assert "POST /v1/conversations/{conversation}/messages 200" in log
    assert "xyzzy" not in log
    assert "secretid99" not in log


def children(pid: int) -> list[int]:
    """The worker processes of a supervisor (Python's own resource tracker is none)."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == pid and b"spawn_main" in command:
            found.append(int(status.parent.name))
    return sorted(found)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_workers_share_reloads_and_counters_and_a_dead_one_is_replaced(tmp_path: Path) -> None:
    shop = write_shop(tmp_path / "shop")
    port = free_port()
    flags = ("--workers", "2", "--kb", str(shop), "--token", TOKEN)
    process = start(port, str(tmp_path / "s.sqlite3"), *flags, log=tmp_path / "log")
    address = f"http://127.0.0.1:{port}"
    bearer = {"authorization": f"Bearer {TOKEN}"}

    def versions() -> set[str]:
        return {post(address + "/v1/match", {"text": "x"}, **bearer)[1]["knowledge_version"] for _ in range(30)}

    try:
        wait_for(address + "/ready")
        workers = children(process.pid)
        assert len(workers) == 2
        before = versions()
        write_shop(shop, "Il est du jour.")
        status, reloaded = post(address + "/v1/reload", {}, **bearer)
        assert (status, {reloaded["knowledge_version"]} == before) == (200, False)
        deadline = time.monotonic() + 20
        while versions() != {reloaded["knowledge_version"]} and time.monotonic() < deadline:
            time.sleep(0.1)
        assert versions() == {reloaded["knowledge_version"]}
        request = urllib.request.Request(address + "/metrics", headers=bearer)  # noqa: S310
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            counted = re.search(r'route="/v1/match",status="200"} (\d+)', answer.read().decode())
        assert counted is not None
        assert int(counted[1]) >= 60
        os.kill(workers[0], signal.SIGKILL)
        deadline = time.monotonic() + 20
        while len(set(children(process.pid)) - {workers[0]}) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert len(set(children(process.pid)) - {workers[0]}) == 2
        wait_for(address + "/ready")
    finally:
        assert stop(process) in (0, -signal.SIGTERM)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_workers_end_with_the_process_that_looks_after_them(tmp_path: Path) -> None:
    port = free_port()
    process = start(port, str(tmp_path / "s.sqlite3"), "--workers", "2")
    wait_for(f"http://127.0.0.1:{port}/ready")
    workers = children(process.pid)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 20
    while any(map(_alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [worker for worker in workers if _alive(worker)] == []


def _alive(pid: int) -> bool:
    """Is this process there, and no zombie that nobody has waited for?"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--workers", "0"), "--workers"),
        (("--concurrency", "0"), "CONCURRENCY"),
        (("--origin", "exemple.fr"), "n'est pas un site"),
        (("--token", "é"), "TOKEN"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(flags: tuple[str, ...], said: str) -> None:
    command = [sys.executable, str(ROOT / "cli.py"), "serve", *flags]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert said in done.stderr


def test_broken_knowledge_stops_the_service_before_it_starts(tmp_path: Path) -> None:
    shop = write_shop(tmp_path / "shop")
    (shop / "faq.yaml").write_text("boutique: [", "utf-8")
    command = [sys.executable, str(ROOT / "cli.py"), "serve", "--kb", str(shop)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert re.search(r"faq\.yaml:\d+: ", done.stderr)


@pytest.mark.e2e
def test_schemathesis_finds_no_server_error_and_no_undocumented_answer(tmp_path: Path) -> None:
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("the extra e2e is not installed: schemathesis")
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    with serving(tmp_path, "--token", TOKEN) as address:
        command = [
            program, "run", address + "/openapi.json", "-H", f"Authorization: Bearer {TOKEN}", "--seed", "1",
            "--max-examples", "300", "--phases", "examples,coverage,fuzzing", "--checks", checks,
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, cwd=tmp_path, check=False)
    report = done.stdout[-3000:]
    assert done.returncode == 0, report
    counted = re.search(r"(\d+) generated, (\d+) passed", report)
    assert counted is not None, report
    assert counted[1] == counted[2]
    assert int(counted[1]) >= 2000
