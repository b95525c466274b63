"""Members of an organisation: invitations, roles, job teams, and the visibility they give."""
