"""Webhook ingest (signature, de-duplication, inbox commit), compared with a bare durable INSERT."""

import hashlib
import hmac
import json
import time
import uuid
from dataclasses import dataclass

from sqlalchemy import func, select

from bench import load
from bench.installation import SECRET, Installation, installation, resident_mb
from eqsr.core.db import db
from eqsr.outbox.models import Work
from eqsr.webhooks.models import WebhookEvent


@dataclass(frozen=True)
class Row:
    """One line of the table: name, measured value, limit, and whether the limit is met."""

    what: str
    measured: str
    limit: str
    holds: bool


def measure(database: str, count: int) -> list[Row]:
    with installation(database) as bare_installation:
        bare = _bare(bare_installation, count)
    with installation(database) as ours:
        return _ours(ours, bare, count)


def _bare(bench: Installation, count: int) -> load.Load:
    bench.start_web("bench.bare:app", "bare", BARE_DATABASE_URL=bench.environment["DATABASE_URL"])
    body = _body()
    headers = {"Content-Type": "application/json"}
    raw = [load.request("127.0.0.1", bench.port, "/bare", headers, body)] * count
    load.run(bench.port, raw[:200])
    return load.run(bench.port, raw)


def _ours(bench: Installation, bare: load.Load, count: int) -> list[Row]:
    _, key = bench.connection()
    web = bench.start_web()
    load.run(bench.port, signed(bench.port, key, 200))
    fast = load.run(bench.port, signed(bench.port, key, count))
    paced = load.run(bench.port, signed(bench.port, key, 1000), per_second=200)
    burst = load.run(bench.port, signed(bench.port, key, 10_000), connections=64)
    sent = 200 + count + 1000 + 10_000
    kept, works = _stored(bench)
    memory = resident_mb(web.pid)
    ratio = fast.per_second / bare.per_second
    lost = sent - kept
    failures = fast.failures + paced.failures + burst.failures
    return [
        Row("bare durable INSERT, requests/s", f"{bare.per_second:,.0f}", "", not bare.failures),
        Row("ingest, requests/s", f"{fast.per_second:,.0f}", "", not fast.failures),
        Row("ingest / bare", f"{ratio:.2f}", ">= 0.75", ratio >= 0.75),
        Row("ingest p50, p99 at full load", f"{fast.p50_ms:.1f}, {fast.p99_ms:.1f} ms", "", True),
        Row("ingest p99 at 200/s", f"{paced.p99_ms:.1f} ms", "< 50 ms", paced.p99_ms < 50),
        Row("burst of 10,000, requests/s", f"{burst.per_second:,.0f}", "", True),
        Row("events lost of all", f"{lost} of {sent:,}", "0", lost == 0 and works == kept),
        Row("answers other than 202", str(failures), "0", failures == 0),
        Row("web process after all that", f"{memory:.0f} MB", "< 150 MB", memory < 150),
    ]


def signed(port: int, key: str, count: int) -> list[bytes]:
    """Return requests as SmartRecruiters sends them, each with its own event."""
    path = f"/webhooks/smartrecruiters/{key}"
    return [_signed(port, path) for _ in range(count)]


def _signed(port: int, path: str) -> bytes:
    body = _body()
    event_id, stamp = str(uuid.uuid4()), str(int(time.time()))
    name, version = "application.status.updated", "v201910"
    link = "<https://api.smartrecruiters.com/x>; rel=self"
    message = ".".join([stamp, body.decode(), event_id, name, version, link])
    digest = hmac.new(SECRET.encode(), message.encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "event-id": event_id,
        "event-name": name,
        "event-version": version,
        "Link": link,
        "smartrecruiters-timestamp": stamp,
        "smartrecruiters-signature": f"v1={digest}",
    }
    return load.request("127.0.0.1", port, path, headers, body)


def _body() -> bytes:
    ids = {name: str(uuid.uuid4()) for name in ("job_id", "candidate_id", "application_id")}
    return json.dumps(ids).encode()


def _stored(bench: Installation) -> tuple[int, int]:
    with bench.app.app_context():
        events = db.session.scalar(select(func.count()).select_from(WebhookEvent))
        works = db.session.scalar(select(func.count()).where(Work.kind == "webhook_event"))
        db.session.remove()
        return events, works
