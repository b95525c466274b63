"""Onboarding: staff make a link; the customer's admin follows it and connects SmartRecruiters."""
