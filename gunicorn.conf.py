"""How gunicorn serves the product; read by ``gunicorn app:app`` in this folder.

Threads, because a webhook waits for the disk and a page for SmartRecruiters: those that wait
together are written together (docs/loss-free.md). ``WEB_CONCURRENCY`` or ``--workers`` sets how
many processes there are.
"""

worker_class = "gthread"
threads = 32
keepalive = 30
