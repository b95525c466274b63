"""The pages of an onboarding link, on which a customer's admin connects SmartRecruiters."""
