"""Calls about webhook subscriptions, their secret keys and their log."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from eqsr.smartrecruiters.endpoint import Endpoint
from eqsr.smartrecruiters.errors.refusals import NotFound, RequestRefused
from eqsr.smartrecruiters.fields import mapping, needed_text
from eqsr.smartrecruiters.paging import MAX_LIMIT, iso_millis, page_of, walk
from eqsr.smartrecruiters.parsers import webhooks as parsers
from eqsr.smartrecruiters.transport import Transport
from eqsr.smartrecruiters.types.lists import ApiPage, T
from eqsr.smartrecruiters.types.webhooks import Callback, Subscription

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
    """Calls about subscriptions; each raises SmartRecruitersError.

    A subscription can't be changed, only deleted and created again.
    """

    _transport: Transport

    def create_subscription(
        self, callback_url: str, events: Sequence[str], alerting_email: str | None = None
    ) -> Subscription:
        """Create a subscription, which is inactive at first.

        ``callback_url``: must be https. ``alerting_email``: SmartRecruiters reports failed
        deliveries to this address.
        """
        body: dict[str, Any] = {"callbackUrl": callback_url, "events": list(events)}
        if alerting_email:
            body["alertingEmailAddress"] = alerting_email
        return self._transport.send(CREATE_SUBSCRIPTION, json=body).read(parsers.subscription)

    def subscriptions(self) -> tuple[Subscription, ...]:
        """Read all subscriptions of this credential, including those that others made."""
        return tuple(self._walk(SUBSCRIPTIONS, {}, {}, parsers.subscription))

    def subscription(self, subscription_id: str) -> Subscription:
        """Read one subscription."""
        ids = {"subscription_id": subscription_id}
        return self._transport.send(SUBSCRIPTION, ids).read(parsers.subscription)

    def activate(self, subscription_id: str) -> None:
        """Activate deliveries; does nothing if the subscription is active already.

        SmartRecruiters calls our webhook address during this call (the handshake) and waits 20 s
        for the answer, so the client's read timeout must be longer. Raises HandshakeFailed.
        """
        try:
            self._transport.send(ACTIVATE, {"subscription_id": subscription_id})
        except RequestRefused as refused:
            if refused.status != 409:
                raise

    def delete_subscription(self, subscription_id: str) -> None:
        """Delete a subscription; does nothing if it does not exist."""
        with suppress(NotFound):
            self._transport.send(DELETE_SUBSCRIPTION, {"subscription_id": subscription_id})

    def create_secret_key(self, subscription_id: str) -> str:
        """Create a new signing key; deliveries are signed with the old keys too for 24 h."""
        ids = {"subscription_id": subscription_id}
        return self._transport.send(CREATE_SECRET_KEY, ids).read(_secret)

    def secret_key(self, subscription_id: str) -> str:
        """Read the latest signing key. Raises NotFound if there is none."""
        return self._transport.send(SECRET_KEY, {"subscription_id": subscription_id}).read(_secret)

    def callbacks_log(
        self,
        subscription_id: str,
        after: datetime | None = None,
        before: datetime | None = None,
        status: str | None = None,
    ) -> Iterator[Callback]:
        """Iterate over delivery attempts of at most 30 days, newest first.

        Reads pages as they are needed. ``status``: ``successful`` or ``failed``.
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
        """Iterate over a list of the webhooks API: parameter ``page_id``, next page in ``Link``."""

        def page(page_id: str | None) -> ApiPage[T]:
            answer = self._transport.send(
                endpoint, ids, query={**query, "page_id": page_id, "limit": MAX_LIMIT}
            )
            return page_of(answer, parse, plain=True, lenient=endpoint is CALLBACKS_LOG)

        return walk(endpoint, page)


def _secret(document: Any) -> str:
    return needed_text(mapping(document), "secretKey")
