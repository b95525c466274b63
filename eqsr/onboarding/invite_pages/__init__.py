"""Pages where staff invite a customer's first admin and revoke onboarding links."""
