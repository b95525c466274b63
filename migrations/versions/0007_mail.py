"""mail: pausing, patience, whose fault a refusal is, and whom candidates may write to"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "mail_pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("probe_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_pause")),
        sa.UniqueConstraint("name", name=op.f("uq_mail_pause_name")),
    )
    op.add_column("mail", sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "mail", sa.Column("refusals", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.add_column("organisation", sa.Column("contact_email", sa.String(254), nullable=True))
    op.add_column("job", sa.Column("contact_email", sa.String(254), nullable=True))
    op.add_column("invitation", sa.Column("fault", sa.String(20), nullable=True))


def downgrade() -> None:
    op.drop_column("invitation", "fault")
    op.drop_column("job", "contact_email")
    op.drop_column("organisation", "contact_email")
    op.drop_column("mail", "refusals")
    op.drop_column("mail", "failing_since")
    op.drop_table("mail_pause")
