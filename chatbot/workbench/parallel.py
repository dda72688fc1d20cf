"""Work shared out between processes: every core, the same result as with one."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")
Progress = Callable[[int, int], None]


def map_chunks(
    work: Callable[[Sequence[T]], R],
    items: Sequence[T],
    *,
    chunk: int = 100,
    progress: Progress | None = None,
    jobs: int = 0,
) -> list[R]:
    """`work` on every chunk of `items`, results in order. `jobs`: processes at most (0: one per core).

    `progress(done, total)` is told after each chunk, in items. Forks, so `work` may be any closure; where the system
    cannot fork, or there is one chunk only, it is done here.
    """
    chunks = [items[i : i + chunk] for i in range(0, len(items), chunk)]
    pairs: Iterator[tuple[int, R]]
    jobs = min(jobs or os.cpu_count() or 1, len(chunks))
    forks = "fork" in multiprocessing.get_all_start_methods()
    if jobs < 2 or not forks:
        pairs = ((number, work(part)) for number, part in enumerate(chunks))
    else:
        pairs = _in_processes(work, chunks, jobs)
    results: dict[int, R] = {}
    done = 0
    for number, result in pairs:
        results[number] = result
        done += len(chunks[number])
        if progress:
            progress(done, len(items))
    return [results[number] for number in range(len(chunks))]


def _in_processes(
    work: Callable[[Sequence[T]], R], chunks: Sequence[Sequence[T]], jobs: int
) -> Iterator[tuple[int, R]]:
    context = multiprocessing.get_context("fork")

    def serve(numbers: range, sink: Connection) -> None:
        # What the parent made is shared as long as nobody touches it, and looking for garbage touches all of it.
        gc.freeze()
        for number in numbers:
            sink.send((number, work(chunks[number])))
        sink.close()

    sources: list[Connection] = []
    processes = []
    for job in range(jobs):
        source, sink = context.Pipe(duplex=False)
        process = context.Process(target=serve, args=(range(job, len(chunks), jobs), sink), daemon=True)
        process.start()
        sink.close()
        sources.append(source)
        processes.append(process)
    received = 0
    try:
        for pair in _received(sources):
            received += 1
            yield pair
    finally:
        for process in processes:
            process.terminate()
            process.join()
    if received < len(chunks):
        raise ChildProcessError("a worker process ended before its work")


def _received(sources: list[Connection]) -> Iterator[tuple[int, Any]]:
    """What the processes send, as it comes, until each has closed its end."""
    while sources:
        for ready in wait(sources):
            source = cast("Connection", ready)
            try:
                yield source.recv()
            except EOFError:
                sources.remove(source)
