"""Kinds of work that only tests have; the product's are in eqsr.outbox.kinds."""

from enum import StrEnum


class OwnKind(StrEnum):
    RECORDED = "test_kind"
    OTHER = "other_kind"
    THIRD = "third_kind"
    GATED = "gated"
    GATED_TOO = "gated_too"
    ENDLESS = "endless"
    QUICK = "quick"
    HOPELESS = "hopeless"
    ISSUE_PROBE = "issue_probe"
