"""The values that the client returns: frozen dataclasses with SmartRecruiters' own terms.

Ids are SmartRecruiters' ids (``ats_id``), opaque text. Date-times are aware and in UTC.
``None`` means that SmartRecruiters' answer did not contain the value.
"""
