"""All that the simulation knows of eqsr; nothing outside this package imports eqsr.

``setup`` starts it, ``seams`` and ``memory`` put simulated parts in it, ``work`` has a worker's
verbs, ``verbs`` those of people, ``rows`` and ``facts`` read what the oracle compares.
"""
