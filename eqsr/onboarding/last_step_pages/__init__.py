"""Pages where the first admin's account is made, at the end of an onboarding link."""
