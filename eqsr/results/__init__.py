"""What a profile in SmartRecruiters says, and writing it."""
