"""Profiles merged in SmartRecruiters: finding the one that is left, and handing over to it."""
