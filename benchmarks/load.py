"""Load on loopback, beside an empty FastAPI route that returns a body of the same size, in one run.

Usage: python benchmarks/load.py [--seconds 10] [--mixed 300]. Needs the extra http and Debian's wrk.
First /v1/match against the empty route, both with one worker and no log, alternating so that a busy machine troubles
both alike: once with questions as they come (a few asked often, most of them once, as ranks go in any help desk's
log), once with every question new, so that nothing is remembered. Then mixed traffic for --mixed seconds, hostile
bodies in it: no 5xx, and memory that stays flat.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

EMPTY = """
from fastapi import FastAPI
app = FastAPI()
BODY = {"text": "x" * SIZE}
@app.post("/v1/match")
async def empty() -> dict[str, str]:
    return BODY
"""
SCRIPT = """
local bodies = {}
for line in io.lines("BODIES") do bodies[#bodies + 1] = line end
local next_body = 0
failed = 0
request = function()
  next_body = next_body % #bodies + 1
  local path, kind, body = bodies[next_body]:match("^(%S+) (%S+) (.*)$")
  return wrk.format("POST", path, {["Content-Type"] = kind}, body)
end
response = function(status)
  if status >= 500 then failed = failed + 1 end
end
local threads = {}
setup = function(thread) threads[#threads + 1] = thread end
done = function(summary, latency)
  local total = 0
  for _, thread in ipairs(threads) do total = total + thread:get("failed") end
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), total, e.connect + e.read + e.write + e.timeout))
end
"""
HOSTILE = (
    "{",
    "[]",
    "null",
    '{"text": 3}',
    '{"text": "\\ud800"}',
    '{"texts": "a"}',
    '{"a": "b"}',
    '"' + "a" * 9000 + '"',
)


def questions(count: int, *, new: bool) -> list[str]:
    """Questions as a log has them: the shipped phrasings by rank; with `new`, each with a word no other has."""
    from chatbot.knowledge import KnowledgeBase

    rng = random.Random(6)  # noqa: S311
    texts = [p.text for p in KnowledgeBase.load().phrasings if len(p.text) < 200]
    rng.shuffle(texts)
    if new:
        return [f"{rng.choice(texts)} {number}" for number in range(count)]
    return rng.choices(texts, [1 / rank for rank in range(1, len(texts) + 1)], k=count)


def lines(texts: list[str], *, mixed: bool = False) -> list[str]:
    """One line per request: path, content type, body; mixed: every endpoint, hostile bodies among them."""
    rng = random.Random(7)  # noqa: S311
    found = []
    for number, text in enumerate(texts):
        kind, path, body = "application/json", "/v1/match", json.dumps({"text": text})
        if mixed:
            path, body = rng.choice([
                (path, body),
                (path, json.dumps({"texts": texts[number : number + 5]})),
                ("/model/parse", body),
                ("/webhooks/rest/webhook", json.dumps({"sender": f"s{number % 200}", "message": text})),
                (f"/v1/conversations/bench-{number % 200:04}/messages", body),
                (path, rng.choice(HOSTILE)),
            ])  # fmt: skip
        found.append(f"{path} {kind} {body}")
    return found


@contextmanager
def running(command: list[str], port: int, path: str, **variables: str) -> Iterator[int]:
    """A server in another process; gives its process id once it answers."""
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **variables}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").close()
                break
            except OSError:
                time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


class Load:
    """wrk with the bodies of a file."""

    def __init__(self, folder: Path, name: str, bodies: list[str]) -> None:
        (folder / f"{name}.txt").write_text("\n".join(bodies) + "\n", "utf-8")
        self.script = folder / f"{name}.lua"
        self.script.write_text(SCRIPT.replace("BODIES", str(folder / f"{name}.txt")), "utf-8")

    def run(self, port: int, seconds: float) -> dict[str, float]:
        """Requests per second, latencies in milliseconds, and what went wrong."""
        command = [
            "wrk",
            "-t1",
            "-c16",
            f"-d{seconds:.0f}s",
            "--timeout",
            "20s",
            "-s",
            str(self.script),
            f"http://127.0.0.1:{port}",
        ]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = re.search(r"RESULT (.*)", output)
        if found is None:
            raise SystemExit(output)
        count, duration, p50, p99, failed, broken = map(float, found[1].split())
        return {
            "rate": count / duration * 1e6,
            "p50": p50 / 1000,
            "p99": p99 / 1000,
            "5xx": failed,
            "broken": broken,
            "count": count,
        }


def memory(pid: int) -> float:
    """Resident memory of a process in MiB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def throughput(folder: Path, ports: tuple[int, int], seconds: float) -> None:
    """The service beside the empty route, alternating."""
    print("                         requests/s        p50        p99   p99/p50")
    for name, new in (("as they come", False), ("every one new", True)):
        load = Load(folder, "new" if new else "common", lines(questions(200_000, new=new)))
        load.run(ports[0], 5)
        rounds = [[load.run(port, seconds / 3) for port in ports] for _ in range(3)]
        rates = []
        for side, label in ((1, "empty route"), (0, f"/v1/match, {name}")):
            rate, p50, p99 = (statistics.median(r[side][key] for r in rounds) for key in ("rate", "p50", "p99"))
            rates.append(rate)
            print(f"{label:25}{rate:10,.0f}  {p50:7.2f} ms {p99:7.2f} ms  {p99 / p50:6.1f}")
            if any(r[side]["5xx"] or r[side]["broken"] for r in rounds):
                raise SystemExit("errors under load")
        print(f"{'':25}{rates[1] / rates[0]:10.0%} of the empty route\n")


def mixed(folder: Path, port: int, pid: int, seconds: float) -> None:
    """Every endpoint for a while: errors and memory."""
    load = Load(folder, "mixed", lines(questions(50_000, new=False), mixed=True))
    load.run(port, 10)
    sizes = [memory(pid)]
    total = {"count": 0.0, "5xx": 0.0, "broken": 0.0}
    for _ in range(5):
        result = load.run(port, max(1, seconds / 5))
        sizes.append(memory(pid))
        for key in total:
            total[key] += result[key]
    print(
        f"mixed traffic, {seconds:.0f} s: {total['count']:,.0f} requests, {total['5xx']:.0f} 5xx, {total['broken']:.0f} broken"
    )
    print("memory: " + " -> ".join(f"{size:.0f}" for size in sizes) + " MiB")
    if total["5xx"] or total["broken"]:
        raise SystemExit("errors under mixed traffic")


def main() -> None:
    """Everything, on servers of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--mixed", type=float, default=300)
    args = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("no wrk: apt-get install -y wrk")
    from chatbot.matching import Matcher

    size = len(json.dumps(Matcher.load().match("où est ma facture").as_dict(), ensure_ascii=False).encode())
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        (folder / "empty_app.py").write_text(EMPTY.replace("SIZE", str(size - 13)), "utf-8")
        ports = (free_port(), free_port())
        serve = [sys.executable, "cli.py", "serve", "--rate", "0", "--no-access-log", "--port", str(ports[0])]
        empty = [
            sys.executable,
            "-m",
            "uvicorn",
            "empty_app:app",
            "--app-dir",
            str(folder),
            "--no-access-log",
            "--port",
            str(ports[1]),
        ]
        pid = stack.enter_context(running(serve, ports[0], "/health", CHATBOT_DATABASE_URL=str(folder / "s.sqlite3")))
        stack.enter_context(running(empty, ports[1], "/docs"))
        throughput(folder, ports, args.seconds)
        mixed(folder, ports[0], pid, args.mixed)


if __name__ == "__main__":
    main()
