"""What the Connect dialog offers: SmartRecruiters jobs, stages, and who is in them."""
