"""Configuration of gunicorn; ``gunicorn app:app`` reads it in this folder.

We use threads, because a webhook waits for the disk and a page for SmartRecruiters; webhooks that
wait at the same time share one commit (docs/loss-free.md). A thread only gets a request that has
arrived completely, so slow senders occupy none (serving/buffering.py). ``WEB_CONCURRENCY`` or
``--workers`` sets the number of processes. ``kill -USR2`` starts a new release without a gap
(docs/operations.md).
"""

import os
import signal

from gunicorn import systemd

worker_class = "serving.buffering.BufferingWorker"
threads = 32
keepalive = 30
# Open connections per process; a process may usually open 1,024 files.
worker_connections = 512
# Nobody uses gunicornc here, and the file system may be read-only.
control_socket_disable = True


def post_worker_init(worker):
    """After ``kill -USR2``, end the old main process as soon as a new worker can answer.

    gunicorn then runs two main processes on one socket, so no connection is refused; a release
    whose workers don't start changes nothing. Source: gunicorn 27, Arbiter.reexec and
    maybe_promote_master.
    """
    old = os.environ.get("GUNICORN_PID")
    if old and old == _parent_of(worker.ppid):
        # systemd would take the end of the process that it started for the end of the service.
        systemd.sd_notify(f"MAINPID={worker.ppid}", worker.log)
        os.kill(int(old), signal.SIGTERM)


def _parent_of(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(line.split()[1] for line in status if line.startswith("PPid:"))
