"""Webhook events: their names, bodies and links."""

import json
from typing import Any

from .state import Application, Company

_APPROVALS = ("created", "approved", "rejected", "abandoned", "step.approved", "step.rejected")
EVENT_NAMES = frozenset(
    [
        *(f"job.{what}" for what in ("created", "updated", "status.updated")),
        "job.hiring-team.updated",
        *(f"job.ad.{what}" for what in ("created", "updated", "postings.updated")),
        *(f"position.{what}" for what in ("created", "updated", "deleted")),
        "application.created",
        *(
            f"application.{what}.updated"
            for what in ("status", "fields", "onboarding-status", "source", "screening-answers")
        ),
        "application.screening-answers.created",
        "application.attachment.created",
        *(f"candidate.{what}" for what in ("created", "updated", "deleted")),
        *(f"offer.{what}" for what in ("created", "updated")),
        *(f"{noun}.approval.{what}" for noun in ("job", "offer") for what in _APPROVALS),
        *(f"{noun}.approval.comment.created" for noun in ("job", "offer")),
        *(
            f"{noun}.approver.{what}"
            for noun in ("job", "offer")
            for what in ("skipped", "delegated")
        ),
        *(f"review.{what}" for what in ("created", "updated", "deleted")),
        "onboarding.process.started",
        "onboarding.assignments.completed",
        "onboarding.assignments.high-priority.completed",
    ]
)


def publish_application(
    world: Any, company: Company, name: str, application: Application, **more: str
) -> None:
    """Send an ``application.*`` event to every active subscription for it."""
    body = {
        "job_id": application.job_id,
        "candidate_id": application.candidate_id,
        "application_id": application.id,
        **more,
    }
    path = f"/candidates/{application.candidate_id}/jobs/{application.job_id}"
    _publish(world, company, name, body, path)


def publish_candidate(world: Any, company: Company, name: str, candidate_id: str) -> None:
    """Send a ``candidate.*`` event; the event of a deleted candidate has no link."""
    path = None if name == "candidate.deleted" else f"/candidates/{candidate_id}"
    _publish(world, company, name, {"id": candidate_id}, path)


def publish_job(world: Any, company: Company, name: str, job_id: str) -> None:
    """Send a ``job.*`` event."""
    _publish(world, company, name, {"id": job_id}, f"/jobs/{job_id}")


def _publish(
    world: Any, company: Company, name: str, body: dict[str, str], path: str | None
) -> None:
    raw = json.dumps(body, separators=(",", ":")).encode()
    link = f"<{world.base_url}{path}>; rel=self" if path else ""
    for subscription in company.subscriptions.values():
        if subscription.status == "active" and name in subscription.events:
            world.deliveries.enqueue(subscription, name, raw, link)
