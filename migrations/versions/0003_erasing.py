"""erasing: when an application's result was erased, and how long results are kept"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("application", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("organisation", sa.Column("keep_months", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("organisation", "keep_months")
    op.drop_column("application", "erased_at")
