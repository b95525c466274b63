"""connections: the company of a credential being tried is called pending too"""

from alembic import op

revision = "0011"
down_revision = "0010"

# (old name, new name) in the table "connection". RENAME COLUMN keeps the data, on SQLite as on
# PostgreSQL.
RENAMED = (
    ("candidate_company_name", "pending_company_name"),
    ("candidate_company_identifier", "pending_company_identifier"),
)


def upgrade() -> None:
    for old, new in RENAMED:
        op.execute(f"ALTER TABLE connection RENAME COLUMN {old} TO {new}")


def downgrade() -> None:
    for old, new in RENAMED:
        op.execute(f"ALTER TABLE connection RENAME COLUMN {new} TO {old}")
