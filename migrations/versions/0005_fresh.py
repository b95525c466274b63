"""fresh: when jobs and stages were read, what was told of a connection's problem and lost stages"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

MOMENTS = (
    ("connection", "problem_told_at"),
    ("connection", "refreshed_at"),
    ("hiring_stage", "made_at"),
    ("stage_link", "missing_since"),
)


def upgrade() -> None:
    op.add_column("connection", sa.Column("problem_told", sa.Text(), nullable=True))
    for table, column in MOMENTS:
        op.add_column(table, sa.Column(column, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table, column in reversed(MOMENTS):
        op.drop_column(table, column)
    op.drop_column("connection", "problem_told")
