"""Candidates and their applications, mirrored from SmartRecruiters."""
