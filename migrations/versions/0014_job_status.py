"""jobs: since when a SmartRecruiters job takes nobody; connections: clock, ids of processes"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column(
        "stage_link", sa.Column("stopped_since", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("connection", sa.Column("clock_offset", sa.Integer(), nullable=True))
    op.add_column(
        "hiring_stage", sa.Column("process_ids", sa.JSON(), nullable=False, server_default="[]")
    )


def downgrade() -> None:
    op.drop_column("hiring_stage", "process_ids")
    op.drop_column("connection", "clock_offset")
    op.drop_column("stage_link", "stopped_since")
