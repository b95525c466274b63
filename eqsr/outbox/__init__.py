"""Durable work: rows, leases, dispatch to RQ, retries, schedule."""
