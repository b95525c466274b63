"""The error that all functions raise and all surfaces (API, control API, pages) render."""

from typing import Any


class ApiError(Exception):
    """A refusal in SmartRecruiters' shape: ``{"message", "errors": [{"code", "message"}]}``.

    ``status`` is the HTTP status and ``code`` an UPPER_SNAKE word.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the refusal."""
        return {
            "message": self.message,
            "errors": [{"code": self.code, "message": self.message}],
        }
