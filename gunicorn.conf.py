"""Configuration of gunicorn; ``gunicorn app:app`` reads it in this folder.

We use threads, because a webhook waits for the disk and a page for SmartRecruiters; webhooks that
wait at the same time share one commit (docs/loss-free.md). A thread only gets a request that has
arrived completely, so slow senders occupy none (serving/buffering.py). ``WEB_CONCURRENCY`` or
``--workers`` sets the number of processes.
"""

worker_class = "serving.buffering.BufferingWorker"
threads = 32
keepalive = 30
# Open connections per process; a process may usually open 1,024 files.
worker_connections = 512
