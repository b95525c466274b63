"""The table at the end of a campaign."""

from typing import Any

from tools.chaos.campaign import Outcome

SHARED = 10  # SmartRecruiters' requests a second, per endpoint and credential


def table(outcomes: dict[str, Outcome]) -> str:
    """Return the table: one line per figure, one column per database."""
    columns = {name: _figures(outcome) for name, outcome in outcomes.items()}
    labels = list(dict.fromkeys(label for column in columns.values() for label in column))
    width = max(map(len, labels))
    lines = ["", f"{'':{width}}" + "".join(f"{name:>14}" for name in columns)]
    for label in labels:
        cells = (column.get(label, 0) for column in columns.values())
        lines.append(f"{label:{width}}" + "".join(f"{_cell(cell):>14}" for cell in cells))
    return "\n".join([*lines, ""])


def _figures(outcome: Outcome) -> dict[str, Any]:
    account, struck = outcome.account, outcome.struck
    figures: dict[str, Any] = {f"{k}, seconds": v for k, v in outcome.seconds.items()}
    figures |= account.figures
    figures |= {f"deliveries {state}": n for state, n in sorted(account.books.deliveries.items())}
    figures |= _limits(account.books.limits)
    figures |= {f"done: {what}": n for what, n in sorted(struck.events.items())}
    figures |= {f"struck: {kind}": n for kind, n in sorted(struck.hits.items())}
    figures["offences"] = len(account.offences)
    return figures


def _limits(report: list[dict[str, Any]]) -> dict[str, int]:
    return {
        "calls to SmartRecruiters": sum(entry["requests"] for entry in report),
        "of them refused as too many (429)": sum(entry["refused"] for entry in report),
        "most calls in a second, per endpoint": max(entry["highestRate"] for entry in report),
        "most calls at once, per credential": max(entry["highestConcurrency"] for entry in report),
    }


def _cell(value: Any) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)
