"""``python -m tools.chaos``: break everything on a seeded schedule, then count.

``plan`` says who moves where, ``trouble`` what breaks when, ``installation`` runs the product as
processes of its own, ``campaign`` puts them together, and ``accounts`` compares the sandbox's own
books with what should have come of them.
"""
