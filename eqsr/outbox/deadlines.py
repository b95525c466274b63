"""Interrupt work that takes far too long.

RQ interrupts work with signals, which reach only the main thread; our work runs in others.
"""

import ctypes

# Seconds that an interrupted thread has to finish; after that it counts as hanging.
INTERRUPT_GRACE = 30.0


class Overdue(Exception):
    """Raised inside a thread whose work takes too long; counts as a failure and is retried."""

    retryable = True

    def __init__(self) -> None:
        super().__init__("it took too long")


def interrupt(thread: int) -> None:
    """Raise Overdue in this thread as soon as it runs Python code again.

    A call that hangs in the operating system can't be interrupted.
    """
    _set(thread, ctypes.py_object(Overdue))


def clear(thread: int) -> None:
    """Cancel an exception that ``interrupt`` has not raised yet."""
    _set(thread, None)


def _set(thread: int, error: ctypes.py_object | None) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), error)
