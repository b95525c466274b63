"""The errors of calls to SmartRecruiters, sorted by who can correct them.

Every error has these attributes:

- ``fault``: ``ours`` (a bug or a setting of ours), ``connection`` (the customer's credential, its
  scopes or its role) or ``theirs`` (SmartRecruiters or the network);
- ``retryable``: the same call may succeed later without any correction;
- ``sentence``: one sentence for a person (eqsr.core.messages): what happened and what to do;
- ``code``: a stable name for metrics, activities and tests;
- ``endpoint`` such as ``GET /jobs/{job_id}``, ``status`` (None without an answer), and ``codes``,
  SmartRecruiters' own error codes;
- ``outcome_unknown``: the call may have written something although we got no answer.

``str(error)`` is for logs. Neither it nor ``sentence`` contains secrets, ids or names.
"""
