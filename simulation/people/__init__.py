"""Those who act: users of SmartRecruiters, customers' admins, candidates and scanners."""
