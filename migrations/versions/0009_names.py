"""names: columns are called what they hold"""

from alembic import op

revision = "0009"
down_revision = "0008"

# (table, old name, new name). RENAME COLUMN keeps the data, on SQLite as on PostgreSQL.
RENAMED = (
    ("work", "rung_at", "dispatched_at"),
    ("connection", "locked_client_secret", "encrypted_client_secret"),
    ("connection", "candidate_client_id", "pending_client_id"),
    ("connection", "locked_candidate_secret", "encrypted_pending_secret"),
    ("platform_key", "locked_secret", "encrypted_secret"),
    ("webhook_key", "locked_key", "encrypted_key"),
)


def upgrade() -> None:
    for table, old, new in RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")


def downgrade() -> None:
    for table, old, new in RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")
