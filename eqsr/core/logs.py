"""Log lines for an operator: one line each, with its facts as key=value at the end."""

import logging
import sys
from datetime import UTC, datetime

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts = " ".join(
            f"{key}={_quoted(value)}"
            for key, value in vars(record).items()
            if key not in _STANDARD and not key.startswith("_")
        )
        line = f"{at} {record.levelname:<7} {record.name}: {_flat(record.getMessage())}"
        line = f"{line} {facts}" if facts else line
        if record.exc_info:
            line = f"{line}\n{_set_in(self.formatException(record.exc_info))}"
        return line


def init_logs(level: str) -> None:
    """Log to stderr; called once per process. ``level`` is the least that is written. Libraries
    write INFO at the least: in their DEBUG lines secrets might stand."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line())
    root = logging.getLogger()
    if not any(isinstance(known.formatter, Line) for known in root.handlers):
        root.addHandler(handler)
    root.setLevel(logging.INFO if level == "DEBUG" else level)
    logging.getLogger("eqsr").setLevel("DEBUG" if level == "DEBUG" else logging.NOTSET)
    for chatty in ("alembic", "rq.worker", "urllib3", "werkzeug"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _quoted(value: object) -> str:
    text = _flat(str(value))
    return f'"{text}"' if " " in text or not text else text


def _set_in(traceback: str) -> str:
    # What an error says may have lines of its own: none of them begins like a log line.
    return "\n".join(f"    {line}" for line in traceback.splitlines())


def _flat(text: str) -> str:
    # Text from outside must not be able to forge a second log line.
    return text.replace("\r", "\\r").replace("\n", "\\n")
