"""invitations: partly completed, as the clock ended it"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

CONSTRAINT = "ck_invitation_invitationstate"
BEFORE = (
    "'queued', 'sent', 'opened', 'started', 'completed', 'expired', 'cancelled', 'undeliverable'"
)
AFTER = BEFORE.replace("'completed',", "'completed', 'partly_completed',")


def upgrade() -> None:
    _replace(BEFORE, AFTER)
    op.add_column(
        "invitation", sa.Column("partly_completed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "invitation",
        sa.Column("ended_by_clock", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    # An earlier version leaves what was not finished as started.
    op.execute("UPDATE invitation SET state = 'started' WHERE state = 'partly_completed'")
    op.drop_column("invitation", "ended_by_clock")
    op.drop_column("invitation", "partly_completed_at")
    _replace(AFTER, BEFORE)


def _replace(old: str, new: str) -> None:
    """Let the check constraint on the state allow ``new`` instead of ``old``."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(CONSTRAINT), "invitation", type_="check")
        op.create_check_constraint(op.f(CONSTRAINT), "invitation", f"state IN ({new})")
        return
    # SQLite can't change a constraint, and copying the table would end what refers to its rows.
    # Its documentation has this way for constraints that hold for every row already
    # (sqlite.org/lang_altertable.html, section 7).
    bind = op.get_bind()
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = bind.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :old, :new) "
            "WHERE type = 'table' AND name = 'invitation' AND instr(sql, :old) > 0"
        ),
        {"old": f"state IN ({old})", "new": f"state IN ({new})"},
    )
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=RESET")
    if changed.rowcount != 1:
        raise RuntimeError(f"the table invitation has no constraint state IN ({old})")
