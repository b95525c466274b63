"""Staff invite a customer's first admin."""
