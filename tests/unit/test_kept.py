"""What is found out once and kept has a bound, where there is no end to what it may be asked of."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from typing import Any

import drawreview


def kept() -> Iterator[tuple[str, Any]]:
    """Yield each cache, and its name."""
    for module in pkgutil.walk_packages(drawreview.__path__, "drawreview."):
        if module.name.endswith("__main__"):
            continue
        found = importlib.import_module(module.name)
        for name, value in vars(found).items():
            if isinstance(value, _lru_cache_wrapper) and value.__module__ == module.name:
                yield f"{module.name}.{name}", value


def test_no_cache_keeps_every_rulebook_that_a_server_ever_replayed_under():
    taking_laws = {
        name: cache.cache_parameters()["maxsize"]
        for name, cache in kept()
        if any(
            parameter.annotation in {"Rulebook", "RuleSet"}
            for parameter in inspect.signature(cache).parameters.values()
        )
    }
    assert len(taking_laws) >= 10
    assert [name for name, most in taking_laws.items() if most is None] == []
