"""The email to an organisation's admins about a changed credential."""

from flask_babel import force_locale
from sqlalchemy import select

from eqsr.accounts.models import Organisation, User
from eqsr.activity import history as activity_history
from eqsr.connections import credential_sentences
from eqsr.core.db import db
from eqsr.core.extensions import settings
from eqsr.mail.compose import Email, compose_email
from eqsr.mail.models import Mail
from eqsr.organisations.service import brand_of


def credential_changed(mail: Mail) -> Email:
    """Compose the email: who changed what and when, and what to do if nobody expected it."""
    entry = activity_history.audited(mail.subject_id)
    organisation = db.session.get_one(Organisation, mail.organisation_id)
    reader = db.session.scalar(select(User).where(User.email == mail.to_address))
    locale = (reader and reader.language) or organisation.language
    with force_locale(locale):
        title, who = credential_sentences.title(entry.action), credential_sentences.author(entry)
        happened = credential_sentences.happened(entry.action, organisation.name)
        todo = credential_sentences.advice(entry.action, organisation.name)
    return compose_email(
        "credential_changed",
        locale=locale,
        zone=(reader and reader.time_zone) or organisation.time_zone,
        looks=brand_of(organisation),
        first_name=reader.name if reader else "",
        organisation_name=organisation.name,
        company=entry.facts.get("company", ""),
        from_address=entry.address,
        client_id=entry.facts.get("client_id", ""),
        changed_at=entry.at,
        link_url=f"{settings.public_url}/connection",
        title=title,
        happened=happened,
        todo=todo,
        who=who,
    )
