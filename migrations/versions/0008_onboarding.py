"""onboarding: who changes a credential, whose company it shows, and when a link is over"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_MOMENT = sa.DateTime(timezone=True)
_LINK = (("run", sa.Integer()), ("revoked_at", _MOMENT), ("used_at", _MOMENT))
_CONNECTION = (
    ("candidate_company_name", sa.String(300)),
    ("candidate_company_identifier", sa.String(300)),
    ("begun_by", sa.String(400)),
    ("begun_by_id", sa.Uuid()),
    ("begun_from", sa.String(60)),
)


def upgrade() -> None:
    for name, kind in _LINK:
        op.add_column("onboarding_link", sa.Column(name, kind, nullable=True))
    for name, kind in _CONNECTION:
        op.add_column("connection", sa.Column(name, kind, nullable=True))
    # A link of an earlier version that has connected was open for 14 days: it is over now.
    op.execute("UPDATE onboarding_link SET used_at = connected_at WHERE connected_at IS NOT NULL")
    # A company that was shown while nothing was connected yet proves nothing.
    op.execute(
        "UPDATE connection SET company_name = NULL, company_identifier = NULL "
        "WHERE connected_at IS NULL"
    )


def downgrade() -> None:
    for name, _kind in reversed(_CONNECTION):
        op.drop_column("connection", name)
    for name, _kind in reversed(_LINK):
        op.drop_column("onboarding_link", name)
