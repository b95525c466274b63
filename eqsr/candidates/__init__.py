"""Candidates and applications, mirrored from SmartRecruiters."""
