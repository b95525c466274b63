"""onboarding: links that were trying a credential before 0008 belong to that run"""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    # The run of an organisation that has never connected was begun by its latest link. Without it
    # the link would count as overtaken by the connection that it makes itself.
    op.execute(
        """
        UPDATE onboarding_link SET run = (
            SELECT connection.run FROM connection
            WHERE connection.organisation_id = onboarding_link.organisation_id
        )
        WHERE run IS NULL AND connected_at IS NULL AND used_at IS NULL
        AND replaced_at IS NULL AND revoked_at IS NULL
        AND credentials_at = (
            SELECT max(other.credentials_at) FROM onboarding_link AS other
            WHERE other.organisation_id = onboarding_link.organisation_id
        )
        AND EXISTS (
            SELECT 1 FROM connection
            WHERE connection.organisation_id = onboarding_link.organisation_id
            AND connection.connected_at IS NULL
        )
        """
    )


def downgrade() -> None:
    """Runs stay: an earlier version does not mind them."""
