"""The candidate's own result, and their requests for review or erasure."""
