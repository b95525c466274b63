"""SmartRecruiters: the only room that knows its HTTP and its words. No Flask, no database."""

from eqsr.smartrecruiters.client import SmartRecruiters

__all__ = ["SmartRecruiters"]
