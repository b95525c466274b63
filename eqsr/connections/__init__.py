"""A customer's SmartRecruiters account: credential, subscription, health, limits, mirror of jobs
and stages.
"""
