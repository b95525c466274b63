"""A profile as a PDF, to download and to attach in SmartRecruiters."""
