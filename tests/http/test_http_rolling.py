"""nginx, two replicas, PostgreSQL, all for real on loopback: one replica is killed and knowledge is reloaded, once broken,
under traffic; no conversation fails, none is taken twice, no reply mixes two versions of the knowledge."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from http_servers import ROOT, free_port, start, stop, wait_for
from http_shops import write_shop
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from test_http_processes import post

from chatbot.knowledge import KnowledgeBase
from chatbot.storage.store import database_url

POSTGRES = os.environ.get("CHATBOT_TEST_POSTGRES", "")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = [
    pytest.mark.nginx,
    pytest.mark.postgres,
    pytest.mark.skipif(
        not POSTGRES, reason='no PostgreSQL: eval "$(scripts/start_postgres.sh)"; export CHATBOT_TEST_POSTGRES'
    ),
    pytest.mark.skipif(NGINX is None, reason="no nginx: apt-get install -y nginx-light"),
]
CLIENTS = 6
SECONDS = 12.0


@pytest.fixture
def database() -> Iterator[str]:
    """A schema of its own in the PostgreSQL of this run."""
    schema = f"test_{uuid.uuid4().hex}"
    engine = create_engine(database_url(POSTGRES), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


def configuration(folder: Path, port: int, replicas: list[int]) -> Path:
    """The shipped nginx.conf with this run's addresses in it, and nothing else changed."""
    shipped = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    changed = shipped.replace("listen 8080;", f"listen 127.0.0.1:{port};").replace("/tmp/", f"{folder}/")  # noqa: S108
    for number, replica in enumerate(replicas, 1):
        changed = changed.replace(f"chatbot-{number}:8000", f"127.0.0.1:{replica}")
    assert "chatbot-" not in changed
    (folder / "nginx.conf").write_text(changed, "utf-8")
    return folder / "nginx.conf"


class Said(NamedTuple):
    """One answered message."""

    status: int
    body: Any


class Customer:
    """Opens the menu, a topic, a question, again and again, each time in a conversation of its own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.conversations = 0
        self.faults: list[str] = []
        self.versions: list[tuple[str, str]] = []

    def talk_until(self, stop_now: threading.Event) -> None:
        while not stop_now.is_set():
            self.conversations += 1
            self.talk(uuid.uuid4().hex)

    def talk(self, conversation: str) -> None:
        for number, said in enumerate(("menu", "1", "1")):
            try:
                status, body = post(
                    f"{self.address}/v1/conversations/{conversation}/messages",
                    {"text": said, "message_id": f"m{number}"},
                )
            except OSError as error:
                self.faults.append(repr(error))
                return
            if status != 200:
                self.faults.append(f"{status} {body}")
                return
        reply = body["reply"]
        found = re.search(r"variante \d", reply["text"])
        if reply["kind"] != "answer" or found is None:
            self.faults.append(f"{reply['kind']}: {reply['text']}")
            return
        self.versions.append((reply["knowledge_version"], found[0]))


def wait_until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    """Returns when it is so, or when there is no more hope: what it should lead to is asserted afterwards."""
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.1)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_shop(tmp_path / "shop", "variante 1")


def test_nothing_is_lost_when_a_replica_dies_and_the_knowledge_changes(  # noqa: PLR0915
    tmp_path: Path, database: str, shop: Path
) -> None:
    assert NGINX is not None
    ports = [free_port(), free_port()]
    log = tmp_path / "service.log"
    flags = ("--kb", str(shop), "--watch", "--no-access-log")
    replicas = [start(port, database, *flags, log=log) for port in ports]
    port = free_port()
    proxy = None
    stop_now = threading.Event()
    customers = [Customer(f"http://127.0.0.1:{port}") for _ in range(CLIENTS)]
    threads = [threading.Thread(target=c.talk_until, args=(stop_now,)) for c in customers]
    expected = {KnowledgeBase.load(shop).version: "variante 1"}
    try:
        for each in ports:
            wait_for(f"http://127.0.0.1:{each}/ready")
        with (tmp_path / "nginx.log").open("wb") as output:
            proxy = subprocess.Popen(
                [NGINX, "-p", str(tmp_path), "-c", str(configuration(tmp_path, port, ports)), "-g", "daemon off;"],
                stdout=output, stderr=output,
            )  # fmt: skip
        wait_for(f"http://127.0.0.1:{port}/health")
        for thread in threads:
            thread.start()
        step = SECONDS / 6
        time.sleep(step)
        os.killpg(replicas[0].pid, signal.SIGKILL)
        replicas[0].wait()
        time.sleep(step)
        replicas[0] = start(ports[0], database, *flags, log=log)
        wait_for(f"http://127.0.0.1:{ports[0]}/ready")
        (shop / "faq.yaml").write_text("boutique: [", "utf-8")
        wait_until(lambda: "knowledge not reloaded" in log.read_text("utf-8"))
        time.sleep(step)
        write_shop(shop, "variante 2")
        expected[KnowledgeBase.load(shop).version] = "variante 2"
        wait_until(lambda: any(said == "variante 2" for c in customers for _, said in c.versions))
        time.sleep(step)
        write_shop(shop, "variante 3")
        expected[KnowledgeBase.load(shop).version] = "variante 3"
        wait_until(lambda: any(said == "variante 3" for c in customers for _, said in c.versions))
        time.sleep(step)
    finally:
        stop_now.set()
        for thread in threads:
            if thread.ident:
                thread.join(60)
        if proxy is not None:
            proxy.send_signal(signal.SIGQUIT)
            proxy.wait(30)
        codes = [stop(replica) for replica in replicas]
    faults = [fault for customer in customers for fault in customer.faults]
    answers = [version for customer in customers for version in customer.versions]
    assert faults == []
    assert len(answers) == sum(customer.conversations for customer in customers) > 50
    assert {expected.get(version) == said for version, said in answers} == {True}
    assert {said for _, said in answers} == {"variante 1", "variante 2", "variante 3"}
    assert "knowledge not reloaded" in log.read_text("utf-8")
    assert set(codes) <= {0, -signal.SIGTERM}
    print(f"{len(answers)} conversations, {3 * len(answers)} turns, none lost")
