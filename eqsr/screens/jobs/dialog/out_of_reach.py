"""What the dialog says when SmartRecruiters can't be asked."""

import logging

from eqsr.core.messages import N_

log = logging.getLogger(__name__)


def sentence_of(error: Exception) -> str:
    """The sentence to show for an error of asking SmartRecruiters, which is logged."""
    log.warning("SmartRecruiters was not to be had for the dialog: %s", error)
    fallback = N_("SmartRecruiters can't be asked at the moment. Tell your administrator.")
    return getattr(error, "sentence", fallback)
