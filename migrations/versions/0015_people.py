"""people: merged profiles, one person on two profiles, and results used for a second job"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

# (table, column, table that it refers to)
REFERENCES = (
    ("candidate", "merged_into_id", "candidate"),
    ("invitation", "continued_by_id", "invitation"),
    ("invitation", "result_of_id", "invitation"),
)
PLAIN = (
    ("candidate", sa.Column("address_key", sa.String(320), nullable=True)),
    ("candidate", sa.Column("phone", sa.String(40), nullable=True)),
    ("candidate", sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True)),
    ("invitation", sa.Column("result_agreed_at", sa.DateTime(timezone=True), nullable=True)),
    ("write_back", sa.Column("ats_candidate_id", sa.String(100), nullable=True)),
    (
        "organisation",
        sa.Column("hold_other_jobs", sa.Boolean(), nullable=False, server_default=sa.false()),
    ),
    (
        "organisation",
        sa.Column("reuse_months", sa.Integer(), nullable=False, server_default=sa.text("6")),
    ),
)


def upgrade() -> None:
    for table, column in PLAIN:
        op.add_column(table, column)
    for reference in REFERENCES:
        _add_reference(*reference)
    op.create_index("ix_candidate_organisation_phone", "candidate", ["organisation_id", "phone"])
    op.create_index("ix_candidate_merged_into_id", "candidate", ["merged_into_id"])
    op.create_index(
        "ix_candidate_organisation_address_key", "candidate", ["organisation_id", "address_key"]
    )
    op.create_index("ix_invitation_result_of_id", "invitation", ["result_of_id"])
    op.create_table(
        "invitation_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("stage_link_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("other_application_id", sa.Uuid(), nullable=False),
        sa.Column("same_job", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_hold")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_invitation_hold_{column}")
            )
            for column, table in (
                ("organisation_id", "organisation"),
                ("job_id", "job"),
                ("stage_link_id", "stage_link"),
                ("application_id", "application"),
                ("other_application_id", "application"),
            )
        ),
        sa.UniqueConstraint(
            "stage_link_id",
            "application_id",
            name=op.f("uq_invitation_hold_stage_link_id_application_id"),
        ),
    )
    op.create_index(
        "ix_invitation_hold_organisation", "invitation_hold", ["organisation_id", "ended_at"]
    )
    for column in ("job_id", "application_id", "other_application_id"):
        op.create_index(f"ix_invitation_hold_{column}", "invitation_hold", [column])
    # lower() of SQLite knows ASCII only; the next reading of a profile writes the full form.
    op.execute("UPDATE candidate SET address_key = lower(email) WHERE email IS NOT NULL")
    op.execute(
        """
        UPDATE write_back SET ats_candidate_id = (
            SELECT candidate.ats_id FROM invitation
            JOIN application ON application.id = invitation.application_id
            JOIN candidate ON candidate.id = application.candidate_id
            WHERE invitation.id = write_back.invitation_id
        )
        """
    )


def _add_reference(table: str, column: str, other: str) -> None:
    name = f"fk_{table}_{column}"
    if op.get_bind().dialect.name == "sqlite":
        # SQLite takes a new column with its constraint in one statement only.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} CHAR(32) "
            f"CONSTRAINT {name} REFERENCES {other} (id)"
        )
        return
    op.add_column(table, sa.Column(column, sa.Uuid(), nullable=True))
    op.create_foreign_key(name, table, other, [column], ["id"])


def downgrade() -> None:
    op.drop_table("invitation_hold")
    op.drop_index("ix_invitation_result_of_id", "invitation")
    op.drop_index("ix_candidate_organisation_address_key", "candidate")
    op.drop_index("ix_candidate_organisation_phone", "candidate")
    op.drop_index("ix_candidate_merged_into_id", "candidate")
    for table, column, _other in REFERENCES:
        op.drop_column(table, column)
    for table, column in PLAIN:
        op.drop_column(table, column.name)
