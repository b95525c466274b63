"""Settings / Admin → Apps & Integrations → Webhooks: subscriptions and their deliveries."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..errors import ApiError
from ..gate import world
from ..state import Company
from .views import page

blueprint = Blueprint("page_webhooks", __name__)

BASE = "/settings/apps/webhooks"
DELIVERIES_SHOWN = 50
MAX_TIMES = 50


@page(blueprint, BASE)
def list_webhooks(company: Company) -> str:
    """Show subscriptions and the newest deliveries with each attempt."""
    deliveries = [
        each for each in world().deliveries.list() if each.subscription.company_id == company.id
    ]
    return render_template(
        "webhooks.html",
        company=company,
        subscriptions=list(company.subscriptions.values()),
        deliveries=list(reversed(deliveries[-DELIVERIES_SHOWN:])),
        found=len(deliveries),
        now=world().clock.now(),
    )


@page(blueprint, f"{BASE}/<subscription_id>/suspend", ["POST"])
def suspend(company: Company, subscription_id: str) -> Response:
    """Suspend a subscription, as repeated failures would."""
    found = company.subscriptions.get(subscription_id)
    if found is None:
        raise ApiError(404, "SUBSCRIPTION_NOT_FOUND", "There is no such subscription.")
    found.status, found.suspended = "inactive", True
    flash("The subscription is suspended.")
    return redirect(url_for(".list_webhooks", company_id=company.id))


@page(blueprint, f"{BASE}/deliveries/<event_id>/redeliver", ["POST"])
def redeliver(company: Company, event_id: str) -> Response:
    """Send a callback again with the same event-id, several times at once if asked."""
    text = request.form.get("times", "1")
    times = min(max(int(text), 1), MAX_TIMES) if text.isdigit() else 1
    if not world().deliveries.redeliver(event_id, times, concurrently=True):
        raise ApiError(404, "DELIVERY_NOT_FOUND", "There is no such delivery.")
    flash(f"Sent again, {times} times." if times > 1 else "Sent again.")
    return redirect(url_for(".list_webhooks", company_id=company.id))
