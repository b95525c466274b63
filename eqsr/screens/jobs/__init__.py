"""The Jobs tab: overview, one job, the Connect dialog, the invitation's email, the assessment."""
