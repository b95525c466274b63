"""A profile's content as a report: the same words as the page, in the reader's language."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from eqsr.candidates.models import Candidate
from eqsr.core import formats
from eqsr.extras.reports import elsewhere, part
from eqsr.extras.reports.elements import Bullets, Element, FactList, Heading, Notice, Text
from eqsr.extras.target_ranges import wording as fit_words
from eqsr.invitations.models import InvitationState
from eqsr.screens.profile.blocks import Block


def content(candidate: Candidate, blocks: Sequence[Block], organisation: str) -> list[Element]:
    """The elements of a report on all invitations that have a result.

    They do not depend on the time, so that an unchanged report is recognised.
    """
    elements: list[Element] = [
        Heading(1, candidate.name),
        Text(_("Assessment report"), "muted"),
        FactList(
            [
                (_("Organisation"), organisation),
                (_("E-mail address"), candidate.email or "–"),
            ]
        ),
        Notice(
            _("One talking point, never the decision"),
            _(
                "Use it to prepare a conversation, next to everything else you know. No score here "
                "is a reason to reject or to choose somebody."
            ),
        ),
    ]
    told = [block for block in blocks if block.has_result]
    if not told:
        elements.append(Text(_("There is no result yet.")))
    for block in told:
        elements += _block(block)
    return elements


def _block(block: Block) -> Iterator[Element]:
    invitation = block.invitation
    yield Heading(2, invitation.job.title)
    pairs = [(_ended_word(block), formats.day(at))] if (at := invitation.result_at) else []
    if invitation.application.ats_job:
        pairs.append((_("SmartRecruiters job"), invitation.application.ats_job.title))
    if pairs:
        yield FactList(pairs)
    if block.ended:
        yield Notice(_("Ended by the clock"), block.ended)
        if block.missing:
            yield Text(_("Missing:"), "strong")
            yield Bullets(list(block.missing))
    if block.fits:
        yield Heading(3, _("What this job asks for"))
        yield Bullets(
            [
                _(
                    "%(scale)s: %(overlap)s (%(range)s). Reason: %(reason)s",
                    scale=scale.name,
                    overlap=fit_words.overlap(found),
                    range=fit_words.sought(wanted),
                    reason=wanted.reason,
                )
                for scale, wanted, found in block.fits
            ]
        )
        yield Text(_("It is one thing to talk about. Nobody is chosen or left out by it."), "muted")
    if block.elsewhere:
        yield from elsewhere.elements(block.elsewhere)
    for one in block.parts:
        if one.scales:
            yield from part.elements(one)


def _ended_word(block: Block) -> str:
    partly = block.invitation.state is InvitationState.PARTLY_COMPLETED
    return _("Partly completed") if partly else _("Finished")
