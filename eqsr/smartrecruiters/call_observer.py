"""Who is told whether SmartRecruiters answers."""

from typing import Protocol


class CallObserver(Protocol):
    """Is told after each call whether SmartRecruiters answered. Must neither raise nor wait."""

    def answered(self) -> None:
        """An answer came: any status below 500 except 408."""
        ...

    def unanswered(self, endpoint: str, reason: str) -> None:
        """No answer came; ``reason`` is that of Unavailable, or a status such as ``503``."""
        ...
