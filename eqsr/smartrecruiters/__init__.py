"""The client of SmartRecruiters' API; no other room knows its HTTP. No Flask, no database."""

from eqsr.smartrecruiters.client import SmartRecruiters

__all__ = ["SmartRecruiters"]
