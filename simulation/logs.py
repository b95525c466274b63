"""What the product logs: no secret may be in it, and no error that nothing explains."""

import logging
import traceback
from collections.abc import Callable


class LogWatch(logging.Handler):
    """Looks at each record. ``secrets``: texts that no record may hold.

    ``leaks`` and ``errors`` are sentences for the oracle.
    """

    def __init__(self, is_trouble: Callable[[BaseException], bool]) -> None:
        super().__init__(logging.INFO)
        self.secrets: dict[str, str] = {}
        self.leaks: list[str] = []
        self.errors: list[str] = []
        self.on_error: Callable[[str], None] = lambda text: None
        self._is_trouble = is_trouble

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one record."""
        text = f"{record.getMessage()} {list(vars(record).values())[20:]}"
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            text += "".join(traceback.format_exception(error))
            if not self._is_trouble(error):
                place = traceback.extract_tb(error.__traceback__)[-1]
                sentence = (
                    f"{record.name}: {record.getMessage()}: {type(error).__name__}: "
                    f"{str(error)[:200]} (in {place.name})"
                )
                self.errors.append(sentence)
                self.on_error("".join(traceback.format_exception(error)))
        for secret, what in self.secrets.items():
            if secret in text:
                self.leaks.append(f"{what} in a line of {record.name}: {record.getMessage()[:100]}")
