"""links: a personal link has a generation; who comes by an open link confirms the address first"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    generation = sa.Column("link_generation", sa.Integer(), server_default="0", nullable=False)
    op.add_column("invitation", generation)


def downgrade() -> None:
    op.drop_column("invitation", "link_generation")
