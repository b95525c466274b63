"""A job's open link: signing up, and confirming the address."""
