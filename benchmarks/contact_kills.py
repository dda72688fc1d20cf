"""Kills senders and submitters of contact requests at random instants, then counts what became of every request.

    python -m benchmarks.contact_kills [--kills 200] [--seed 4] [--database URL] [--json]

Each worker opens the store, then submits and sends in turn; every reference it was given is written to a pipe, as if
shown to a customer. Two workers run at any time, and one of them gets SIGKILL after 0 to 120 ms. The mail server is
real (aiosmtpd, on loopback, in a process of its own); one mail in twelve is refused for the moment.
Exit code 0 when every reference shown is in the store, every request was delivered under one Message-ID, and no mail
was sent again while the lease of its first sender still ran.
"""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import socket
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.dialogue.ports import ContactRequest
from chatbot.storage.contacts import contact_requests, submit
from chatbot.storage.outbox import send_pending
from chatbot.storage.smtp import Server, SmtpTransport
from chatbot.storage.store import Store, open_store

if TYPE_CHECKING:
    from aiosmtpd.smtp import Envelope

SHOP = "boutique@exemple.fr"
# Seconds a claimed row stays with its sender; short, so that rows of killed senders are met again during the run.
LEASE = 1
REFUSED_ONE_IN = 12


class Mailbox:
    """An SMTP handler that writes down every mail it accepts: time, Message-ID and subject, one line each."""

    def __init__(self, path: Path, seed: int) -> None:
        """`path`: the file the mails are listed in."""
        self.path = path
        self.chance = random.Random(seed)  # noqa: S311 - chosen for being repeatable

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802
        """Refuses one in twelve, keeps the others before saying so."""
        from email import message_from_bytes

        if self.chance.randrange(REFUSED_ONE_IN) == 0:
            return "451 4.3.0 try again later"
        mail = message_from_bytes(envelope.content)
        with self.path.open("a") as file:
            file.write(f"{time.time()}\t{mail['Message-ID']}\t{mail['Subject'].split()[-1]}\n")
        return "250 accepted"


def mail_server(folder: Path, seed: int) -> tuple[int, int]:
    """Starts the mail server in a process of its own; its process id and port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = os.fork()
    if process:
        _wait_for(port)
        return process, port
    from aiosmtpd.controller import Controller

    Controller(Mailbox(folder / "mailbox", seed), hostname="127.0.0.1", port=port).start()
    while True:
        time.sleep(60)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("the mail server does not answer")


def work(url: str, port: int, seed: int, shown: int) -> None:
    """A worker: submits and sends until it is killed. `shown`: descriptor that stands for the customer's screen."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    store = open_store(url)
    transport = carrier(port)
    for number in range(1_000_000):
        request = ContactRequest(f"Client {seed}", "client@exemple.fr", "", f"Message {number} de {seed} : été")
        reference = submit(store, request)
        os.write(shown, f"{reference}\n".encode())
        if chance.randrange(2):
            send_pending(store, transport, limit=3, now_due=True, lease=LEASE)


def carrier(port: int) -> SmtpTransport:
    """The transport to the mail server of this run."""
    return SmtpTransport(Server("smtp", "127.0.0.1", port, "", ""), SHOP, SHOP)


def start_worker(url: str, port: int, seed: int) -> tuple[int, int]:
    """A worker's process id, and the descriptor its references are read from."""
    read, write = os.pipe()
    process = os.fork()
    if process:
        os.close(write)
        return process, read
    os.close(read)
    try:
        work(url, port, seed, write)
    except BaseException:
        # A forked child must never run its parent's code.
        import traceback

        traceback.print_exc()
    os._exit(1)


def kill(worker: tuple[int, int]) -> tuple[list[str], bool]:
    """Kills a worker; the references it had shown, and whether it was still at work (it must have been)."""
    process, read = worker
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    with os.fdopen(read) as pipe:
        # The last line may be cut short: such a reference was shown to nobody.
        lines = pipe.read().split("\n")[:-1]
    return lines, os.WIFSIGNALED(status)


def run(url: str, kills: int, seed: int) -> dict[str, object]:
    """The whole experiment; its figures by name."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    folder = Path(tempfile.mkdtemp(prefix="contact-kills."))
    # What was there before is not this run's; opening once also imports the driver before the workers are forked.
    store = open_store(url)
    before = {request.reference for request in contact_requests(store)}
    store.close()
    server, port = mail_server(folder, seed)
    shown: list[str] = []
    crashed = 0
    try:
        workers = [start_worker(url, port, seed * 100_000), start_worker(url, port, seed * 100_000 + 1)]
        for number in range(kills):
            time.sleep(chance.uniform(0, 0.12))
            lines, alive = kill(workers.pop(0))
            shown += lines
            crashed += not alive
            workers.append(start_worker(url, port, seed * 100_000 + 2 + number))
        for worker in workers:
            shown += kill(worker)[0]
        return {
            "kills": kills,
            "seed": seed,
            "crashed": crashed,
            **verdict(url, port, folder / "mailbox", shown, before),
        }
    finally:
        os.kill(server, signal.SIGKILL)
        os.waitpid(server, 0)


def verdict(url: str, port: int, mailbox: Path, shown: list[str], older: set[str]) -> dict[str, object]:
    """What the store and the mailbox say, before and after what was left is sent."""
    store = open_store(url)
    before = deliveries(mailbox)
    stored = {request.reference: request for request in contact_requests(store) if request.reference not in older}
    in_limbo = [r for r in stored.values() if r.sent_at is not None and not before.get(r.message_id)]
    queued = sum(request.sent_at is None for request in stored.values())
    drain(store, port)
    after = deliveries(mailbox)
    repeats = [times for times in after.values() if len(times) > 1]
    gaps = [late - early for times in repeats for early, late in pairwise(times)]
    references = references_by_mail(mailbox)
    return {
        "references_shown": len(shown),
        "shown_but_not_stored": len(set(shown) - set(stored)),
        "shown_twice": sum(count - 1 for count in Counter(shown).values()),
        "stored": len(stored),
        "delivered_before_the_end": len(before),
        "queued_at_the_end": queued,
        "marked_sent_but_not_delivered": len(in_limbo),
        "never_delivered": sum(not after.get(request.message_id) for request in stored.values()),
        "delivered_under_another_message_id": sum(len(ids) > 1 for ids in references.values()),
        "delivered_but_not_stored": len(set(after) - {request.message_id for request in stored.values()}),
        "accepted_again_under_the_same_message_id": len(repeats),
        "shortest_time_between_two_such": round(min(gaps), 3) if gaps else None,
        "sent_again_within_the_lease": sum(gap < LEASE for gap in gaps),
    }


def drain(store: Store, port: int) -> None:
    """Sends what is left, once the leases of the killed are over."""
    time.sleep(LEASE + 1)
    transport = carrier(port)
    while send_pending(store, transport, now_due=True, lease=LEASE).waiting:
        pass


def deliveries(mailbox: Path) -> dict[str, list[float]]:
    """Message-ID -> when the server accepted it, in order."""
    found: dict[str, list[float]] = defaultdict(list)
    for line in _lines(mailbox):
        moment, message_id, _ = line.split("\t")
        found[message_id].append(float(moment))
    return found


def references_by_mail(mailbox: Path) -> dict[str, set[str]]:
    """Reference -> the Message-IDs it was delivered under."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in _lines(mailbox):
        _, message_id, reference = line.split("\t")
        found[reference].add(message_id)
    return found


def _lines(mailbox: Path) -> list[str]:
    return mailbox.read_text().splitlines() if mailbox.exists() else []


FAULTS = (
    "crashed",
    "shown_but_not_stored",
    "shown_twice",
    "marked_sent_but_not_delivered",
    "never_delivered",
    "delivered_under_another_message_id",
    "delivered_but_not_stored",
    "sent_again_within_the_lease",
)


def main() -> int:
    """Prints the figures; 1 when one that must be zero is not."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--database", help="default: a new SQLite file in the temporary folder")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    logging.disable(logging.WARNING)
    url = args.database or str(Path(tempfile.mkdtemp(prefix="contact-kills.")) / "store.sqlite3")
    figures = run(url, args.kills, args.seed)
    if args.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):42} {value}")
    return 1 if any(figures[name] for name in FAULTS) or not figures["references_shown"] else 0


if __name__ == "__main__":
    sys.exit(main())
