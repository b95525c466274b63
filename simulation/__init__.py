"""The whole product in one process on simulated time, network, disk and mail; a seed replays it.

See docs/simulation.md. Like the sandbox it is a program of its own; only ``simulation.product``
imports eqsr.
"""
