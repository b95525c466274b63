"""Another platform's result in a report: what templates/elsewhere/_result.html shows."""

from collections.abc import Iterator

from flask_babel import gettext as _

from eqsr.core import formats
from eqsr.extras.partner_api.models import PlatformResult
from eqsr.extras.reports.elements import Element, FactList, Heading, Text


def elements(found: PlatformResult) -> Iterator[Element]:
    """The result as it came."""
    yield Heading(3, f"{found.platform} ({_('Scored elsewhere')})")
    yield Text(
        _(
            "The values, their margins and the texts are %(platform)s's own. We have not checked "
            "how they came about.",
            platform=found.platform,
        ),
        "muted",
    )
    for scale in found.scales:
        band = scale.get("band")
        margin = _("%(low)s to %(high)s", low=band["low"], high=band["high"]) if band else None
        yield Heading(4, f"{scale['name']}: {scale['value']}")
        yield FactList(
            [
                (_("Give or take"), margin or _("Not told")),
                (_("Compared with"), scale.get("norm") or _("Not told")),
            ]
        )
        for line in filter(str.strip, scale.get("explanation", "").split("\n")):
            yield Text(line)
    yield Text(f"{_('Received')} {formats.day(found.received_at)}", "muted")
