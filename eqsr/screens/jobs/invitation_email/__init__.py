"""The words and language of a job's invitation."""
