"""jobs: since when a SmartRecruiters job takes nobody; connections: how far our clock is off"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0012"


def upgrade() -> None:
    op.add_column(
        "stage_link", sa.Column("stopped_since", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("connection", sa.Column("clock_offset", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("connection", "clock_offset")
    op.drop_column("stage_link", "stopped_since")
