"""What the doctor says of one part of the installation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """The state of one part of the installation. ``advice`` is empty if nothing is wrong."""

    subject: str
    sentence: str
    advice: str = ""

    @property
    def well(self) -> bool:
        """True if nothing is wrong."""
        return not self.advice

    def __str__(self) -> str:
        mark = "ok     " if self.well else "problem"
        return f"{mark} {self.subject}: {' '.join(filter(None, (self.sentence, self.advice)))}"
