"""Jobs, and the SmartRecruiters stages that they watch."""
