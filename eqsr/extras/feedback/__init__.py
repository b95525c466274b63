"""The candidate's own result, and what candidates ask a person about it."""
