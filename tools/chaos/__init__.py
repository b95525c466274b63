"""``python -m tools.chaos``: break everything on a seeded schedule, then count.

``plan`` decides who moves where, ``trouble`` what breaks when, ``installation`` runs the product
in its own processes, ``campaign`` combines them, and ``accounts`` compares the sandbox's books
with the results that the product should have produced.
"""
