"""Count deliveries by outcome, for /metrics."""

from prometheus_client import Counter

RECEIVED = Counter("eqsr_webhooks_total", "Deliveries by what became of them.", ["outcome"])
STORED, REPEATED = RECEIVED.labels("stored"), RECEIVED.labels("repeated")
