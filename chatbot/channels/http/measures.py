"""What Prometheus is told: how many, how long, how understood. Never who or what was said."""

from __future__ import annotations

import os
from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Measures:
    """The counters of one application. With PROMETHEUS_MULTIPROC_DIR they are added up over the worker processes."""

    def __init__(self) -> None:
        """In a registry of their own, so that applications do not mix."""
        self._registry = CollectorRegistry()
        registry = self._registry
        labels = ("route", "method", "status")
        self._requests = Counter("chatbot_http_requests", "Requests answered.", labels, registry=registry)
        self._seconds = Histogram(
            "chatbot_http_seconds", "Time to answer.", ("route",), registry=registry, buckets=_SECONDS
        )
        self._decisions = Counter(
            "chatbot_decisions", "How questions were understood.", ("decision",), registry=registry
        )
        # Looking a counter up by its labels costs more than counting.
        self._request = lru_cache(1024)(self._requests.labels)
        self._second = lru_cache(256)(self._seconds.labels)
        self._decision = lru_cache(16)(self._decisions.labels)
        self._reloads = Counter("chatbot_reloads", "Reloads of the knowledge.", ("result",), registry=registry)

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request, by the route's template."""
        self._request(route, method, status).inc()
        self._second(route).observe(seconds)

    def decided(self, decision: str, count: int = 1) -> None:
        """One question understood, or not."""
        if decision:
            self._decision(decision).inc(count)

    def reloaded(self, result: str) -> None:
        """One reload: changed, unchanged or refused."""
        self._reloads.labels(result).inc()

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        multiprocess.MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)
