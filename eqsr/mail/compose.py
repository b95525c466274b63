"""From a template pair (HTML and text) to a message."""

from dataclasses import dataclass, field
from email import policy
from email.headerregistry import Address, HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale

from eqsr.clock import now
from eqsr.extensions import settings, templates
from eqsr.organisations.brand import Brand, brand

# By this name the HTML part shows the logo that travels with it (RFC 2392).
LOGO = "logo@mail"


class _InOneLine(UniqueUnstructuredHeader):
    """A header that holds an address on the web. Python would fold a long one into encoded words,
    which are not allowed there and which no mail program follows (RFC 2369, 2; RFC 2047, 5)."""

    def fold(self, *, policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", _InOneLine)
_POLICY = policy.default.clone(header_factory=_headers)


@dataclass(frozen=True)
class Letter:
    """What a mail says, before it has a recipient."""

    subject: str
    text: str
    html: str
    sender_name: str | None = None
    unsubscribe_url: str | None = None
    logo: bytes | None = field(default=None, repr=False)

    def message(self, mail_from: str, to_address: str, message_id: str) -> EmailMessage:
        """The message on the wire. Raises ValueError for an address that can't be written."""
        message = EmailMessage(_POLICY)
        message["Subject"] = self.subject
        message["From"] = _sender(mail_from, self.sender_name)
        message["To"] = Address(addr_spec=to_address)
        message["Message-ID"] = message_id
        message["Date"] = format_datetime(now())
        # Holiday replies would reach nobody.
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        if self.unsubscribe_url:
            # RFC 8058: mail programs offer to unsubscribe with one click.
            message["List-Unsubscribe"] = f"<{self.unsubscribe_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(self.text)
        message.add_alternative(self.html, subtype="html")
        if self.logo:
            picture = {"maintype": "image", "subtype": "png", "filename": "logo.png"}
            page = message.get_body(("html",))
            page.add_related(self.logo, cid=f"<{LOGO}>", disposition="inline", **picture)
        return message


def letter(
    name: str,
    *,
    locale: str = "en",
    zone: str = "UTC",
    sender_name: str | None = None,
    looks: Brand | None = None,
    **facts: Any,
) -> Letter:
    """Render ``templates/mail/<name>.subject.txt``, ``.txt`` and ``.html`` in ``locale``,
    and moments by the clock of ``zone``.

    ``looks`` are the organisation's, or the platform's own. A fact ``unsubscribe_url`` goes into
    the message's head too.
    """
    looks = looks or brand(None)
    facts = {
        "looks": looks,
        "logo_url": f"cid:{LOGO}" if looks.logo else "",
        "platform_name": settings.platform_name,
        "support_url": settings.support_url,
        "locale": locale,
        "zone": ZoneInfo(zone),
        **facts,
    }
    with force_locale(locale):
        subject, text, html = (
            templates.get_template(f"mail/{name}.{part}").render(facts)
            for part in ("subject.txt", "txt", "html")
        )
    # A line break in a subject would start another header.
    subject = " ".join(subject.split())
    return Letter(subject, text, html, sender_name, facts.get("unsubscribe_url"), looks.logo)


def _sender(mail_from: str, name: str | None) -> Address:
    given_name, address = parseaddr(mail_from)
    return Address(display_name=" ".join((name or given_name).split()), addr_spec=address)
