"""From a template pair (HTML and text) to a message."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from flask_babel import force_locale

from eqsr.clock import now
from eqsr.extensions import settings, templates


@dataclass(frozen=True)
class Letter:
    """What a mail says, before it has a recipient."""

    subject: str
    text: str
    html: str
    sender_name: str | None = None
    unsubscribe_url: str | None = None

    def message(self, mail_from: str, to_address: str, message_id: str) -> EmailMessage:
        """The message on the wire. Raises ValueError for an address that can't be written."""
        message = EmailMessage()
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
        return message


def letter(
    name: str, *, locale: str = "en", sender_name: str | None = None, **facts: Any
) -> Letter:
    """Render ``templates/mail/<name>.subject.txt``, ``.txt`` and ``.html`` in ``locale``.

    A fact ``unsubscribe_url`` goes into the message's head too.
    """
    facts = {
        "platform_name": settings.platform_name,
        "support_url": settings.support_url,
        "locale": locale,
        **facts,
    }
    with force_locale(locale):
        subject, text, html = (
            templates.get_template(f"mail/{name}.{part}").render(facts)
            for part in ("subject.txt", "txt", "html")
        )
    # A line break in a subject would start another header.
    subject = " ".join(subject.split())
    return Letter(subject, text, html, sender_name, facts.get("unsubscribe_url"))


def _sender(mail_from: str, name: str | None) -> Address:
    given_name, address = parseaddr(mail_from)
    return Address(display_name=" ".join((name or given_name).split()), addr_spec=address)
