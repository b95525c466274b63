"""The outbox's cost for a worker, compared with RQ's own no-op worker; and the worker's memory."""

from bench.ingest import Row
from bench.installation import Installation, installation


def measure(database: str, count: int) -> list[Row]:
    with installation(database) as bench:
        rq, _ = _run(bench, "rq", count)
        ours, memory = _run(bench, "ours", count)
    ratio = ours / rq
    return [
        Row("RQ's no-op SimpleWorker, jobs/s", f"{rq:.0f}", "", True),
        Row("outbox and RQ together, jobs/s", f"{ours:.0f}", "", True),
        Row("outbox / RQ alone", f"{ratio:.2f}", ">= 0.50", ratio >= 0.5),
        Row("worker after that", f"{memory:.0f} MB", "< 130 MB", memory < 130),
    ]


def _run(bench: Installation, which: str, count: int) -> tuple[float, float]:
    process = bench.start(which, "-m", "bench.worker_run", which, str(count))
    result = process.wait_for_line(r"RESULT (?P<speed>[\d.]+) (?P<memory>\d+)", seconds=120)
    return float(result["speed"]), float(result["memory"])
