"""Two sizes of random conversations: 100 in every run, 2,000 with `--hypothesis-profile=long`."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

_SLOW = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)

settings.register_profile("short", max_examples=100, deadline=None, derandomize=True, suppress_health_check=_SLOW)
settings.register_profile("long", max_examples=2000, deadline=None, derandomize=True, suppress_health_check=_SLOW)
settings.load_profile("short")
