"""A customer's SmartRecruiters account: credential, subscription, health, limits, mirrored jobs and
stages.
"""
