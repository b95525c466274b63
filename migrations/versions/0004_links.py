"""links: a personal link has a generation; who comes by an open link confirms the address first"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)
INDEXES = {
    "ix_sign_up_address_mailed": ["address_key", "mailed_at"],
    "ix_sign_up_expires": ["expires_at"],
    "ix_sign_up_invitation_id": ["invitation_id"],
    "ix_sign_up_job_created": ["job_id", "created_at"],
    "ix_sign_up_job_mailed": ["job_id", "mailed_at"],
}


def upgrade() -> None:
    generation = sa.Column("link_generation", sa.Integer(), server_default="0", nullable=False)
    op.add_column("invitation", generation)
    op.create_table(
        "sign_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("first_name", sa.String(300), nullable=False),
        sa.Column("last_name", sa.String(300), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("address_key", sa.String(320), nullable=False),
        sa.Column("language", sa.String(10), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("mailed_at", MOMENT, nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("link_generation", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_sign_up_job_id")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_sign_up_invitation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up")),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "sign_up", columns)
    op.create_table(
        "password_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("address", sa.String(60), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_request")),
    )


def downgrade() -> None:
    op.drop_table("password_request")
    op.drop_table("sign_up")
    op.drop_column("invitation", "link_generation")
