"""the candidate's country"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("candidate", sa.Column("country", sa.String(length=2), nullable=True))


def downgrade() -> None:
    op.drop_column("candidate", "country")
