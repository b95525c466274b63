"""What a profile in SmartRecruiters says about a result, and writing it there."""
