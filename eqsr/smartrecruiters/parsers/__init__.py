"""Parse SmartRecruiters' JSON documents into the values of ``types``. Ignores unknown fields.

Every function raises WrongShape when a required field is missing or malformed.
Source of the field names: SmartRecruiters' published OpenAPI files.
"""
