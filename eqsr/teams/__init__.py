"""Who joins an organisation, members' roles, a job's team, and so who sees what."""
