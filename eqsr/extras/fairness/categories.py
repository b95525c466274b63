"""What people may say of themselves: the categories of EEO-1 and of New York City's Local Law 144.

The names in NYC are those of the law's example tables (rules of DCWP, 6 RCNY 5-300).
"""

from flask_babel import lazy_gettext as _

SEX = {
    "female": _("Female"),
    "male": _("Male"),
    "other": _("Non-binary, or another"),
}
RACE = {
    "hispanic": _("Hispanic or Latino"),
    "white": _("White (not Hispanic or Latino)"),
    "black": _("Black or African American (not Hispanic or Latino)"),
    "pacific": _("Native Hawaiian or Pacific Islander (not Hispanic or Latino)"),
    "asian": _("Asian (not Hispanic or Latino)"),
    "native": _("Native American or Alaska Native (not Hispanic or Latino)"),
    "several": _("Two or more races (not Hispanic or Latino)"),
}

# For the file, which is read by auditors and whose words the law gives.
NYC = {
    "female": "Female",
    "male": "Male",
    "other": "Other",
    "hispanic": "Hispanic or Latino",
    "white": "White",
    "black": "Black or African American",
    "pacific": "Native Hawaiian or Pacific Islander",
    "asian": "Asian",
    "native": "Native American or Alaska Native",
    "several": "Two or More Races",
}


def label(group: tuple[str, ...] | list[str]) -> str:
    """The name of a group of one or two categories, in the reader's language."""
    return ", ".join(str(SEX.get(key) or RACE[key]) for key in group)
