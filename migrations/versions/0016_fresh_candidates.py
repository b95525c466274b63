"""candidates: when a candidate was last read; activity: refused logins without an organisation"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("candidate", sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("audit_entry") as batch:
        batch.alter_column("organisation_id", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM audit_entry WHERE organisation_id IS NULL")
    with op.batch_alter_table("audit_entry") as batch:
        batch.alter_column("organisation_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_column("candidate", "read_at")
