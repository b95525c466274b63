"""The actions that the audit log records."""

from enum import StrEnum


class AuditAction(StrEnum):
    """What a user did, under the room that records it. The values are stored
    (``audit_entry.action``), so they stay as they are; what is read from the database is a plain
    ``str``, because another release may have written an action that this one does not know."""

    # accounts
    LOGGED_IN = "logged_in"
    LOGIN_REFUSED = "login_refused"
    GUESSING_STOPPED = "guessing_stopped"
    PASSWORD_CONFIRMED = "password_confirmed"
    PASSWORD_REFUSED = "password_refused"
    SESSION_ENDED = "session_ended"
    SESSIONS_ENDED = "sessions_ended"
    PASSWORD_CHANGED = "password_changed"
    PASSWORD_FORGOTTEN = "password_forgotten"
    PASSWORD_RESET = "password_reset"

    # web
    ACCESS_REFUSED = "access_refused"

    # organisations
    ORGANISATION_CHANGED = "organisation_changed"
    REPEATS_CHANGED = "repeats_changed"
    LOGO_CHANGED = "logo_changed"
    LOGO_REMOVED = "logo_removed"

    # teams
    TEAM_INVITED = "team_invited"
    TEAM_INVITED_AGAIN = "team_invited_again"
    TEAM_INVITATION_WITHDRAWN = "team_invitation_withdrawn"
    TEAM_JOINED = "team_joined"
    FIRST_ADMIN_MADE = "first_admin_made"
    ROLE_CHANGED = "role_changed"
    MEMBER_LOGGED_OUT = "member_logged_out"
    USER_DEACTIVATED = "user_deactivated"
    USER_REACTIVATED = "user_reactivated"
    JOB_TEAM_ADDED = "job_team_added"
    JOB_TEAM_REMOVED = "job_team_removed"

    # onboarding
    LINK_MADE = "link_made"
    LINK_REVOKED = "link_revoked"

    # connections
    CREDENTIAL_CONNECTED = "credential_connected"
    CREDENTIAL_REPLACED = "credential_replaced"
    DISCONNECTED = "disconnected"
    CREDENTIAL_FORGOTTEN = "credential_forgotten"
    SIGNING_KEY_ASKED = "signing_key_asked"
    SIGNING_KEY_REPLACED = "signing_key_replaced"
    SIGNING_KEY_RENEWED = "signing_key_renewed"

    # invitations (also kinds of activity)
    INVITATION_BY_HAND = "invitation_by_hand"
    INVITED_AGAIN = "invited_again"
    INVITED_ANYWAY = "invited_anyway"
    MERGED_BY_HAND = "merged_by_hand"
    INVITATION_RESENT = "invitation_resent"
    ADDRESS_CORRECTED = "address_corrected"
    INVITATION_EXTENDED = "invitation_extended"
    TIME_GIVEN_AGAIN = "time_given_again"
    INVITATION_CANCELLED = "invitation_cancelled"
    LINK_RENEWED = "link_renewed"

    # norms
    LOCAL_NORM_MADE = "local_norm_made"
    NORM_FOR_NEW_JOBS = "norm_for_new_jobs"
    NORM_OF_JOB_CHANGED = "norm_of_job_changed"

    # screens.profile
    PROFILE_VIEWED = "profile_viewed"
    GUIDE_VIEWED = "guide_viewed"
    COMPARED = "compared"

    # extras.shared_profiles
    PROFILE_SHARED = "profile_shared"
    PROFILE_SHARE_OPENED = "profile_share_opened"
    PROFILE_SHARE_REVOKED = "profile_share_revoked"

    # extras.feedback
    REQUEST_ANSWERED = "request_answered"

    # extras.target_ranges
    JOB_FIT_SET = "job_fit_set"

    # extras.partners
    PLATFORM_ADDED = "platform_added"
    PLATFORM_KEY_MADE = "platform_key_made"
    PLATFORM_KEY_REVOKED = "platform_key_revoked"

    # extras.fairness
    FAIRNESS_SWITCHED_ON = "fairness_switched_on"
    FAIRNESS_SWITCHED_OFF = "fairness_switched_off"

    # extras.reports
    REPORT_DOWNLOADED = "report_downloaded"

    # extras.privacy
    RESULT_ERASED = "result_erased"
    PERSON_FORGOTTEN = "person_forgotten"
    KEEPING_CHANGED = "keeping_changed"
