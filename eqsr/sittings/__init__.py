"""Sittings, attempts at an assessment: the candidate's pages, answers and trials, and scores."""
