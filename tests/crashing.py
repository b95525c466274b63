"""Simulates a worker that is killed at any boundary between two of its steps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest


class Killed(BaseException):
    """Simulates SIGKILL: no code of the product catches it."""


class Boundaries:
    """Wraps functions and can kill the worker at the n-th boundary, before or after a call."""

    def __init__(self, patch: pytest.MonkeyPatch, *targets: tuple[Any, str]) -> None:
        self._passed, self._kill_at = 0, -1
        for owner, name in targets:
            patch.setattr(owner, name, self._wrapped(getattr(owner, name)))

    @contextmanager
    def killing_at(self, number: int) -> Iterator[None]:
        """Kill the worker at this boundary (from 1) within the block, if the block reaches it."""
        self._passed, self._kill_at = 0, number
        try:
            yield
        finally:
            self._kill_at = -1

    def _wrapped(self, function: Callable) -> Callable:
        def run(*arguments: Any, **options: Any) -> Any:
            self._pass()
            answer = function(*arguments, **options)
            self._pass()
            return answer

        return run

    def _pass(self) -> None:
        self._passed += 1
        if self._passed == self._kill_at:
            raise Killed
