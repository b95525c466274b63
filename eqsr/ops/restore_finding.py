"""What the doctor says of an installation that was restored and is not confirmed yet."""

from collections.abc import Iterator

from eqsr.mail import restore_pause
from eqsr.ops.finding import Finding


def restored() -> Iterator[Finding]:
    """A finding while no email is sent because a backup was restored."""
    pause = restore_pause.current()
    if pause is not None:
        yield Finding(
            "restored backup",
            f"no email is sent since the backup of {pause.said} was restored; "
            f"{restore_pause.waiting()} emails wait.",
            "Say what was sent since then: flask --app app mail resume --help",
        )
