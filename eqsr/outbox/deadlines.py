"""Ending work that takes far too long, in a thread. Signals, by which RQ does it, reach only the
main one."""

import ctypes

# Seconds that a thread is given to end once it was told; then it counts as hanging.
INTERRUPT_GRACE = 30.0


class Overdue(Exception):
    """Raised in the thread whose work takes too long: a failure like any other, tried again."""

    retryable = True

    def __init__(self) -> None:
        super().__init__("it took too long")


def interrupt(thread: int) -> None:
    """Raise Overdue in this thread, as soon as it runs Python again: a call that hangs in the
    operating system is not reached."""
    _set(thread, ctypes.py_object(Overdue))


def clear(thread: int) -> None:
    """What was to be raised and was not yet, is not."""
    _set(thread, None)


def _set(thread: int, error: ctypes.py_object | None) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), error)
