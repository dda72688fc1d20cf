"""The same work over many chunks on several processes: in order, and never more in memory than is being worked on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from chatbot.knowledge.sources import read_folder, version_of
from chatbot.matching import Matcher

C = TypeVar("C")
R = TypeVar("R")
T = TypeVar("T")
# Chunks handed out per process: enough to keep it busy while the results before it are written.
_AHEAD = 3
# Matchers a process keeps at hand, the last used.
_SHOPS = 4


def chunked(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of `size`, the last one shorter."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def in_order(work: Callable[[Matcher, C], R], chunks: Iterable[C], folder: str | None, jobs: int) -> Iterator[R]:
    """`work(matcher, chunk)` for each chunk, in the chunks' order, on `jobs` processes.

    `work` must be importable by name. Each process loads the matcher of `folder` once, from the compiled cache.
    """
    matcher = matcher_of(folder)
    if jobs <= 1:
        yield from (work(matcher, chunk) for chunk in chunks)
        return
    import multiprocessing
    from concurrent.futures import Future, ProcessPoolExecutor

    # Compiled once, above, so that the processes find it in the cache.
    version = matcher.compiled.version
    waiting: deque[Future[R]] = deque()
    # Fresh processes rather than forks: a fork of a program with threads may hang.
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            for chunk in chunks:
                waiting.append(pool.submit(_one, work, folder, version, chunk))
                if len(waiting) >= jobs * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def matcher_of(folder: str | None) -> Matcher:
    """The matcher of a folder as its files are now; loaded again only when they have changed."""
    return _loaded(folder, version_of(read_folder(folder)))


@lru_cache(_SHOPS)
def _loaded(folder: str | None, _version: str) -> Matcher:
    return Matcher.load(folder)


def _one(work: Callable[[Matcher, C], R], folder: str | None, version: str, chunk: C) -> R:
    return work(_loaded(folder, version), chunk)
