"""The kinds of work, by the room whose handlers.py runs them.

They are declared here, below all rooms, because a room may write down work that a room above it
runs: ``invitations`` asks for ``WRITE_BACK``, which ``results`` handles.
"""

from enum import StrEnum


class WorkKind(StrEnum):
    """What a row of work is about to do. Of a mail: the work that sends it.

    The values are stored (``work.kind``, ``mail.kind``), so they stay as they are. What is read
    from the database is a plain ``str``: another release may have written a kind that this one
    does not know.
    """

    # accounts
    PASSWORD_FORGOTTEN = "password_forgotten"
    PASSWORD_RESET = "password_reset"
    PASSWORD_CHANGED = "password_changed"
    GUESSING_STOPPED = "guessing_stopped"
    GUESSING_MAIL = "guessing_mail"

    # connections
    CHECK_HEALTH = "check_health"
    ROTATE_KEY = "rotate_key"
    DISCONNECT = "disconnect"
    PROBE_CONNECTION = "probe_connection"
    MIRROR_JOBS = "mirror_jobs"
    REFRESH_MIRROR = "refresh_mirror"
    CONNECTION_TROUBLE_MAIL = "connection_trouble_mail"
    CREDENTIAL_CHANGED = "credential_changed"

    # onboarding
    CONNECT = "connect"

    # webhooks
    WEBHOOK_EVENT = "webhook_event"

    # jobs
    STAGE_MISSING_MAIL = "stage_missing_mail"

    # invitations
    INVITATION_MAIL = "invitation_mail"
    INVITATION_AGAIN = "invitation_again"
    NEW_LINK_MAIL = "new_link_mail"
    EXTENSION_MAIL = "extension_mail"
    REMINDER_MAIL = "reminder_mail"
    SIGN_UP_MAIL = "sign_up_mail"
    LOOK_AFTER_GRACE = "look_after_grace"
    READ_BOUNCES = "read_bounces"
    REFRESH_CANDIDATE = "refresh_candidate"

    # sittings
    END_BY_CLOCK = "end_by_clock"
    ENDED_MAIL = "ended_mail"
    RESCORE = "rescore"

    # results
    WRITE_BACK = "write_back"

    # reconciling
    SWEEP_CALLBACKS = "sweep_callbacks"
    SWEEP_STAGE = "sweep_stage"
    SWEEP_RESULTS = "sweep_results"
    CHECK_APPLICATION = "check_application"

    # teams
    TEAM_INVITATION = "team_invitation"

    # extras.fairness
    FAIRNESS_REPORT = "fairness_report"

    # extras.feedback
    CANDIDATE_REQUEST_MAIL = "candidate_request_mail"
    CANDIDATE_ANSWER_MAIL = "candidate_answer_mail"

    # extras.privacy
    ERASURE_MAIL = "erasure_mail"

    # extras.shared_profiles
    PROFILE_SHARE = "profile_share"
