"""Webhooks: SmartRecruiters' events are verified, stored and acknowledged, then acted on."""
