"""Comparing with SmartRecruiters, to find what webhooks missed."""
