"""Calls about webhook subscriptions: create, activate, sign, look after, delete."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from eqsr.smartrecruiters import parsers
from eqsr.smartrecruiters.endpoint import Endpoint
from eqsr.smartrecruiters.errors import NotFound, RequestRefused
from eqsr.smartrecruiters.fields import mapping, needed_text
from eqsr.smartrecruiters.paging import MAX_LIMIT, iso_millis, page_of, walk
from eqsr.smartrecruiters.transport import Transport
from eqsr.smartrecruiters.types import ApiPage, Callback, Subscription, T

_ALL = "/webhooks-api/v201907/subscriptions"
_ONE = _ALL + "/{subscription_id}"
_SCOPE = "webhooks_manage"

CREATE_SUBSCRIPTION = Endpoint("POST", _ALL, _SCOPE)
SUBSCRIPTIONS = Endpoint("GET", _ALL, _SCOPE)
SUBSCRIPTION = Endpoint("GET", _ONE, _SCOPE)
DELETE_SUBSCRIPTION = Endpoint("DELETE", _ONE, _SCOPE)
ACTIVATE = Endpoint("PUT", _ONE + "/activation", _SCOPE)
CREATE_SECRET_KEY = Endpoint("POST", _ONE + "/secret-key", _SCOPE)
SECRET_KEY = Endpoint("GET", _ONE + "/secret-key", _SCOPE)
CALLBACKS_LOG = Endpoint("GET", _ONE + "/callbacks-log", _SCOPE)


class WebhookCalls:
    """All calls raise SmartRecruitersError. A subscription can't be changed: delete and create."""

    _transport: Transport

    def create_subscription(
        self, callback_url: str, events: Sequence[str], alerting_email: str | None = None
    ) -> Subscription:
        """A new subscription, still inactive. SmartRecruiters takes https addresses only.

        Failing deliveries are reported to ``alerting_email``.
        """
        body: dict[str, Any] = {"callbackUrl": callback_url, "events": list(events)}
        if alerting_email:
            body["alertingEmailAddress"] = alerting_email
        return self._transport.send(CREATE_SUBSCRIPTION, json=body).read(parsers.subscription)

    def subscriptions(self) -> tuple[Subscription, ...]:
        """All subscriptions of this credential, not only ours."""
        return tuple(self._walk(SUBSCRIPTIONS, {}, {}, parsers.subscription))

    def subscription(self, subscription_id: str) -> Subscription:
        ids = {"subscription_id": subscription_id}
        return self._transport.send(SUBSCRIPTION, ids).read(parsers.subscription)

    def activate(self, subscription_id: str) -> None:
        """Switch deliveries on; one that is already active is fine.

        SmartRecruiters calls our webhook address while this call is in flight (the handshake), and
        HandshakeFailed is raised when that is not answered within 20 s: don't be impatient here.
        """
        try:
            self._transport.send(ACTIVATE, {"subscription_id": subscription_id})
        except RequestRefused as refused:
            if refused.status != 409:
                raise

    def delete_subscription(self, subscription_id: str) -> None:
        """Stop and forget a subscription; one that is already gone counts as deleted."""
        with suppress(NotFound):
            self._transport.send(DELETE_SUBSCRIPTION, {"subscription_id": subscription_id})

    def create_secret_key(self, subscription_id: str) -> str:
        """A new key that signs deliveries; the old ones sign along for 24 h."""
        ids = {"subscription_id": subscription_id}
        return self._transport.send(CREATE_SECRET_KEY, ids).read(_secret)

    def secret_key(self, subscription_id: str) -> str:
        """The latest key. NotFound when there is none."""
        return self._transport.send(SECRET_KEY, {"subscription_id": subscription_id}).read(_secret)

    def callbacks_log(
        self,
        subscription_id: str,
        after: datetime | None = None,
        before: datetime | None = None,
        status: str | None = None,
    ) -> Iterator[Callback]:
        """Delivery attempts of at most 30 days, newest first, page by page as they are consumed.

        ``status`` is ``successful`` or ``failed``.
        """
        query = {"after": iso_millis(after), "before": iso_millis(before), "callbackStatus": status}
        ids = {"subscription_id": subscription_id}
        return self._walk(CALLBACKS_LOG, ids, query, parsers.callback)

    def _walk(
        self,
        endpoint: Endpoint,
        ids: dict[str, str],
        query: dict[str, str | None],
        parse: Callable[[Any], T],
    ) -> Iterator[T]:
        """The webhooks API pages by ``page_id`` and names the next page only in ``Link``."""

        def page(page_id: str | None) -> ApiPage[T]:
            answer = self._transport.send(
                endpoint, ids, query={**query, "page_id": page_id, "limit": MAX_LIMIT}
            )
            return page_of(answer, parse, plain=True, lenient=endpoint is CALLBACKS_LOG)

        return walk(endpoint, page)


def _secret(document: Any) -> str:
    return needed_text(mapping(document), "secretKey")
