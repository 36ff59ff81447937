"""Ask durable-rules which rules fire; the only module that touches it.

durable-rules 2.0.28 is correct inside a narrow subset and unsafe outside it. So here there are
facts only, in one state, without threads, timers, joins, `$or` or `$not`; every field is a whole
number or a Boolean; every condition is a flat conjunction. The C functions are driven directly:
the package's own classes would start two threads that race the caller, drop work after a pause of
ten seconds, and swallow what goes wrong inside an action.
"""

from __future__ import annotations

import json
import os
import threading
import weakref
from collections.abc import Mapping, Sequence
from typing import Any, Final

import durable_rules_engine

from drawreview.condition.ast import Condition
from drawreview.condition.to_durable import Fields, engine_tests
from drawreview.errors import EngineError

_STATE: Final = "D"
# At most 64 tests of a fact may hold at once (error 303), so rules are dealt out to several facts.
_RULES_PER_FACT: Final = 50
_WORLDS: Final = ("sure", "possible")
_LAST: Final = 65_535


class Session:
    """One compiled set of conditions; asks the engine for their truths, one project at a time."""

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self._conditions = tuple(conditions)
        self._lock = threading.Lock()
        self._build()

    def _build(self) -> None:
        self._pid = os.getpid()
        self._fields = Fields()
        definition: dict[str, Any] = {}
        self._rule_of: dict[str, int] = {}
        count = 0
        self._before = [0] * len(self._conditions)
        for place, condition in enumerate(self._conditions):
            alternatives = engine_tests(self._fields, condition)
            if () in alternatives:  # it reads nothing, so there is nothing to ask
                self._before[place] = 2
                continue
            for tests in alternatives:
                name = f"r{count}"
                self._rule_of[f'{{"{name}'] = place
                # The kind is tested first in every pattern: a rule that tested only for a field
                # could also match the engine's own records and never end.
                alone = [{"kind": f"P{count // _RULES_PER_FACT}"}, *tests]
                definition[name] = {"all": [{"m": {"$and": alone}}], "pri": 1}
                count += 1
        self._parts = max(1, -(-count // _RULES_PER_FACT))
        for part in range(self._parts):
            # It fires last for every fact: without it the engine would have stopped half-way, and
            # a state in which nothing ever fired must not be released.
            definition[f"end{part}"] = {
                "all": [{"m": {"$and": [{"kind": f"P{part}"}, {"world": 1}]}}],
                "pri": _LAST,
            }
        _refuse_collisions((*self._fields.names, "kind", "world", "id", "sid", "$s", "$forward"))
        self._handle = durable_rules_engine.create_ruleset("drawreview", json.dumps(definition))
        self._fired: list[str] = []  # the states in which a decision came to its end
        self._release = weakref.finalize(self, _release, self._handle, self._fired, self._pid)
        self._release.atexit = False
        self._worlds = self._fields.worlds()
        comma = "," if self._fields.names else ""
        # For each world the ids of its facts, and what is said before the world's own members.
        self._heads = {
            world: [
                (
                    f"{world}{n}",
                    f'{{"id":"{world}{n}","sid":"{_STATE}","kind":"P{n}","world":1{comma}',
                )
                for n in range(self._parts)
            ]
            for world in _WORLDS
        }
        self._farewells = {
            name: f'{{"id":"{name}","sid":"{_STATE}"}}'
            for heads in self._heads.values()
            for name, _ in heads
        }

    def truths(self, extents: Mapping[str, tuple[int, int]]) -> tuple[int, ...]:
        """Return the truth (0, 1, 2) of each condition, in their order.

        Raises:
            EngineError: The engine did not run to its end. It is rebuilt and may be asked again.
        """
        with self._lock:
            if self._pid != os.getpid():  # a forked child inherits memory that is not its own
                self._build()
            try:
                truths = self._ask(extents)
            except BaseException as error:
                # Never go on with a state that is half done, nor release it: 0.4 MB stay for every
                # decision that broke off.
                self._fired.clear()
                self._release()
                self._build()
                if isinstance(error, (KeyboardInterrupt, SystemExit, EngineError)):
                    raise
                raise EngineError(_broken(repr(error))) from error
            if not self._fired:
                self._fired.append(_STATE)
            return truths

    def _tell(self, extents: Mapping[str, tuple[int, int]]) -> tuple[dict[str, str], Any]:
        """Assert the facts; return their ids by how the engine repeats them, and its state."""
        sure, possible = self._worlds(extents)
        # Where nothing is open the two worlds are one, and what is sure there is all there is.
        worlds = (("sure", sure),) if sure == possible else (("sure", sure), ("possible", possible))
        told: dict[str, str] = {}
        state = None
        for world, members in worlds:
            for name, head in self._heads[world]:
                fact = f"{head}{members}}}"
                status, state = durable_rules_engine.assert_fact(self._handle, fact)
                if status:
                    raise EngineError(_broken(f"fact {name} was not taken: {status}"))
                told[f"{fact}}}}}"] = name
        return told, state

    def _ask(self, extents: Mapping[str, tuple[int, int]]) -> tuple[int, ...]:
        engine, handle = durable_rules_engine, self._handle
        told, state = self._tell(extents)
        truths = self._before.copy()
        ended: set[str] = set()
        started = engine.start_action_for_state(handle, state)
        message = started[1] if started else None
        while message:
            # The engine repeats the fact as it was told: {"rule":{"m":fact}}
            rule, _, fact = message.partition('":{"m":')
            name = told.get(fact)
            if name is None:
                raise EngineError(_broken(f"it answers with what it was not told: {message}"))
            place = self._rule_of.get(rule)
            if place is None:
                ended.add(name)
            elif name in ended:
                raise EngineError(_broken(f"{rule[2:]} fired after the end of {name}"))
            elif name[0] == "s":
                truths[place] = 2
            elif not truths[place]:
                truths[place] = 1
            message = engine.complete_and_start_action(handle, state)
        if len(ended) != len(told):
            raise EngineError(_broken(f"only {sorted(ended)} came to their end"))
        for name in told.values():
            engine.retract_fact(handle, self._farewells[name])
        return tuple(truths)

    def __reduce__(self) -> tuple[type[Session], tuple[tuple[Condition, ...]]]:
        return (Session, (self._conditions,))


def _release(handle: int, fired: Sequence[str], pid: int) -> None:
    """Have the engine give back the memory of a session's rules, and of what it holds by them.

    With the rules alone it would keep half.
    """
    if pid == os.getpid():
        for state in fired:
            durable_rules_engine.delete_state(handle, state)
        durable_rules_engine.delete_ruleset(handle)


def _broken(why: str) -> str:
    return f"the engine did not complete the decision: {why}"


def _fnv(name: str) -> int:
    """Return the 32-bit hash by which alone the engine tells field names apart."""
    result = 0x811C9DC5
    for byte in name.encode():
        result = ((result ^ byte) * 16777619) & 0xFFFFFFFF
    return result


def _refuse_collisions(names: Sequence[str]) -> None:
    if len({_fnv(name) for name in names}) != len(set(names)):
        message = f"two of these names have the same 32-bit hash: {', '.join(names)}"
        raise EngineError(message)
