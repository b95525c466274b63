"""One attempt at an assessment: the candidate's pages, answers and trials, and their scores."""
