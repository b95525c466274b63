"""connections: a Client ID that is being tried out is encrypted"""

import sqlalchemy as sa
from alembic import op

from eqsr.core.extensions import vault

revision = "0010"
down_revision = "0009"

_connection = sa.table(
    "connection",
    sa.column("id", sa.Uuid()),
    sa.column("pending_client_id", sa.String(300)),
    sa.column("encrypted_pending_client_id", sa.Text()),
)


def upgrade() -> None:
    op.add_column("connection", sa.Column("encrypted_pending_client_id", sa.Text(), nullable=True))
    _convert("pending_client_id", "encrypted_pending_client_id", vault.encrypt)
    op.drop_column("connection", "pending_client_id")


def downgrade() -> None:
    op.add_column("connection", sa.Column("pending_client_id", sa.String(300), nullable=True))
    _convert("encrypted_pending_client_id", "pending_client_id", vault.decrypt)
    op.drop_column("connection", "encrypted_pending_client_id")


def _convert(old: str, new: str, change) -> None:
    columns, bind = _connection.c, op.get_bind()
    for row_id, value in bind.execute(
        sa.select(columns.id, columns[old]).where(columns[old].is_not(None))
    ).all():
        bind.execute(
            sa.update(_connection).where(columns.id == row_id).values({new: change(value)})
        )
