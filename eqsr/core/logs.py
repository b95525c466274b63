"""Log records as single lines for operators, with their details as key=value at the end."""

import logging
import sys
from datetime import UTC, datetime

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class LineFormatter(logging.Formatter):
    """Formats a record as one line: time in UTC, level, logger, message, key=value pairs."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a traceback follows it, indented."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts = " ".join(
            f"{key}={_quoted(value)}"
            for key, value in vars(record).items()
            if key not in _STANDARD and not key.startswith("_")
        )
        line = f"{at} {record.levelname:<7} {record.name}: {_flat(record.getMessage())}"
        line = f"{line} {facts}" if facts else line
        if record.exc_info:
            line = f"{line}\n{_indented(self.formatException(record.exc_info))}"
        return line


def init_logs(level: str) -> None:
    """Log to stderr from ``level`` upwards; call once per process.

    Libraries never log DEBUG, because their DEBUG lines may contain secrets.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter())
    root = logging.getLogger()
    if not any(isinstance(known.formatter, LineFormatter) for known in root.handlers):
        root.addHandler(handler)
    root.setLevel(logging.INFO if level == "DEBUG" else level)
    logging.getLogger("eqsr").setLevel("DEBUG" if level == "DEBUG" else logging.NOTSET)
    for chatty in ("alembic", "rq.worker", "urllib3", "werkzeug"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _quoted(value: object) -> str:
    text = _flat(str(value))
    return f'"{text}"' if " " in text or not text else text


def _indented(traceback: str) -> str:
    # An error's message may contain line breaks; indented, its lines can't pass for log lines.
    return "\n".join(f"    {line}" for line in traceback.splitlines())


def _flat(text: str) -> str:
    # Text from outside must not be able to forge another log line.
    return text.replace("\r", "\\r").replace("\n", "\\n")
