"""The audit entries of an organisation, filtered, page by page."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from eqsr.accounts.models import User
from eqsr.activity.actions import AuditAction as Action
from eqsr.activity.models import AuditEntry
from eqsr.core.db import db
from eqsr.screens.jobs.lists import ListPage, page_of

ENTRIES_A_PAGE = 50
ROWS_AT_MOST = 50_000
ROWS_AT_ONCE = 500

# What the filter offers, by the value in the address. Each action is in one group; one that another
# release has written is in none.
GROUPS: dict[str, frozenset[str]] = {
    "access": frozenset(
        {
            Action.LOGGED_IN, Action.LOGIN_REFUSED, Action.GUESSING_STOPPED,
            Action.PASSWORD_CONFIRMED, Action.PASSWORD_REFUSED, Action.SESSION_ENDED,
            Action.SESSIONS_ENDED, Action.PASSWORD_CHANGED, Action.PASSWORD_FORGOTTEN,
            Action.PASSWORD_RESET, Action.ACCESS_REFUSED,
        }
    ),
    "team": frozenset(
        {
            Action.TEAM_INVITED, Action.TEAM_INVITED_AGAIN, Action.TEAM_INVITATION_WITHDRAWN,
            Action.TEAM_JOINED, Action.FIRST_ADMIN_MADE, Action.ROLE_CHANGED,
            Action.MEMBER_LOGGED_OUT, Action.USER_DEACTIVATED, Action.USER_REACTIVATED,
            Action.JOB_TEAM_ADDED, Action.JOB_TEAM_REMOVED,
        }
    ),
    "candidates": frozenset(
        {
            Action.INVITATION_BY_HAND, Action.INVITED_AGAIN, Action.INVITED_ANYWAY,
            Action.INVITATION_RESENT, Action.ADDRESS_CORRECTED, Action.INVITATION_EXTENDED,
            Action.TIME_GIVEN_AGAIN, Action.INVITATION_CANCELLED, Action.LINK_RENEWED,
            Action.PROFILE_VIEWED, Action.GUIDE_VIEWED, Action.COMPARED,
            Action.PROFILE_SHARED, Action.PROFILE_SHARE_OPENED, Action.PROFILE_SHARE_REVOKED,
            Action.REQUEST_ANSWERED, Action.REPORT_DOWNLOADED, Action.RESULT_ERASED,
            Action.PERSON_FORGOTTEN, Action.MERGED_BY_HAND,
        }
    ),
    "connection": frozenset(
        {
            Action.LINK_MADE, Action.LINK_REVOKED, Action.CREDENTIAL_CONNECTED,
            Action.CREDENTIAL_REPLACED, Action.DISCONNECTED, Action.CREDENTIAL_FORGOTTEN,
            Action.SIGNING_KEY_ASKED, Action.SIGNING_KEY_REPLACED, Action.SIGNING_KEY_RENEWED,
            Action.PLATFORM_ADDED, Action.PLATFORM_KEY_MADE, Action.PLATFORM_KEY_REVOKED,
        }
    ),
    "settings": frozenset(
        {
            Action.ORGANISATION_CHANGED, Action.REPEATS_CHANGED, Action.LOGO_CHANGED,
            Action.LOGO_REMOVED, Action.LOCAL_NORM_MADE, Action.NORM_FOR_NEW_JOBS,
            Action.NORM_OF_JOB_CHANGED, Action.JOB_FIT_SET, Action.FAIRNESS_SWITCHED_ON,
            Action.FAIRNESS_SWITCHED_OFF, Action.KEEPING_CHANGED,
        }
    ),
}  # fmt: skip


@dataclass(frozen=True)
class AuditFilter:
    """Which entries to show: of this group ('': any), and by or about this user (None: any)."""

    group: str = ""
    user_id: uuid.UUID | None = None

    @property
    def narrowed(self) -> bool:
        """Whether the filter leaves anything out."""
        return bool(self.group) or self.user_id is not None


def wanted(group: str, user: str) -> AuditFilter:
    """The filter from query parameters; unknown values are ignored."""
    try:
        user_id = uuid.UUID(user)
    except ValueError:
        user_id = None
    return AuditFilter(group if group in GROUPS else "", user_id)


def entries(organisation_id: uuid.UUID, wish: AuditFilter, number: int) -> ListPage[AuditEntry]:
    """One page, latest first."""
    return page_of(_query(organisation_id, wish), _LATEST_FIRST, number, ENTRIES_A_PAGE)


def all_entries(organisation_id: uuid.UUID, wish: AuditFilter) -> Iterator[Sequence[AuditEntry]]:
    """All of them up to ROWS_AT_MOST, latest first, some at a time."""
    query = _query(organisation_id, wish).order_by(*_LATEST_FIRST).limit(ROWS_AT_MOST)
    yield from db.session.scalars(query).partitions(ROWS_AT_ONCE)


def people(organisation_id: uuid.UUID) -> list[User]:
    """The organisation's users, by whom the list can be narrowed; those who left too."""
    query = select(User).where(User.organisation_id == organisation_id)
    return list(db.session.scalars(query.order_by(User.name, User.email)))


_LATEST_FIRST = (AuditEntry.at.desc(), AuditEntry.id.desc())


def _query(organisation_id: uuid.UUID, wish: AuditFilter) -> Select[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.organisation_id == organisation_id)
    if wish.group:
        query = query.where(AuditEntry.action.in_(GROUPS[wish.group]))
    if wish.user_id:
        query = query.where(
            (AuditEntry.user_id == wish.user_id) | (AuditEntry.subject_id == wish.user_id)
        )
    return query
