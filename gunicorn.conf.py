"""How gunicorn serves the product; read by ``gunicorn app:app`` in this folder.

Threads, because a webhook waits for the disk and a page for SmartRecruiters: those that wait
together are written together (docs/loss-free.md). They only get requests that have arrived, so
that slow senders hold none of them (serving/buffering.py). ``WEB_CONCURRENCY`` or ``--workers``
sets how many processes there are.
"""

worker_class = "serving.buffering.BufferingWorker"
threads = 32
keepalive = 30
# Open connections of one process; below the 1,024 files that a process may usually open.
worker_connections = 512
