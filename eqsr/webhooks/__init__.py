"""SmartRecruiters' events: signature, inbox, 202."""
