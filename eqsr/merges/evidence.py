"""Finding the profile that one was merged into.

SmartRecruiters documents no merge: no event tells of one, and no call answers with a redirect or
the id of the profile that is left. What it documents is that an application can be read by its own
id and names the profile that it is on (job applications API v202112). An application that is on
another profile now is evidence: it can't belong to two people. Without it, another profile on the
same job with the same name and email address may be the one. But people type both themselves, and
a move at the same moment may be one of many at once, so a person decides (merges.likely).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from eqsr.candidates.models import address_key, folded_name
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.refusals import InvalidId, NotFound, RequestRefused
from eqsr.smartrecruiters.types.candidates import CandidateRecord

# SmartRecruiters' keyword search may find more than the address; the right ones come among these.
SEARCHED = 20
NOTHING_THERE = (NotFound, NoAccess, RequestRefused, InvalidId)


@dataclass(frozen=True)
class GoneProfile:
    """What we know of a profile that SmartRecruiters no longer has; ids are SmartRecruiters'.

    ``places``: (application id, job id) of each of its applications; an application id may be
    unknown.
    """

    ats_id: str
    name: str
    email: str | None
    places: tuple[tuple[str | None, str], ...]


def survivor_of(client: SmartRecruiters, gone: GoneProfile) -> CandidateRecord | None:
    """Return the profile that holds an application of the one that is gone; None if none is known.

    Raises SmartRecruitersError if SmartRecruiters can't be asked now.
    """
    for application_id, _job_id in gone.places:
        if application_id is None:
            continue
        try:
            holder = client.job_application(application_id).candidate_id
            if holder != gone.ats_id:
                return client.candidate(holder)
        except NOTHING_THERE:
            continue
    return None


def likely_survivor_of(client: SmartRecruiters, gone: GoneProfile) -> CandidateRecord | None:
    """The one other profile of this name and address on one of the jobs; None if there are several.

    Raises SmartRecruitersError if SmartRecruiters can't be asked now.
    """
    if not gone.email:
        return None
    found = set(_with_address(client, gone, gone.email))
    if len(found) != 1:
        return None
    try:
        profile = client.candidate(found.pop())
    except NOTHING_THERE:
        return None
    # People who share a mailbox are not one person.
    name = folded_name(f"{profile.first_name} {profile.last_name}")
    return profile if name == folded_name(gone.name) != "" else None


def _with_address(client: SmartRecruiters, gone: GoneProfile, email: str) -> Iterator[str]:
    for _application_id, job_id in gone.places:
        try:
            page = client.candidates_page(job_id=job_id, query=email, limit=SEARCHED)
        except NOTHING_THERE:
            continue
        for one in page.items:
            if one.ats_id != gone.ats_id and address_key(one.email) == address_key(email):
                yield one.ats_id
