"""Forms on the team's page that send, repeat and withdraw invitations."""
