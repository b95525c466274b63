"""Comparing with SmartRecruiters what webhooks may have missed."""
