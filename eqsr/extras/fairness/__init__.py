"""Whether a selection is fair: what candidates say of themselves, kept apart, and rates per
group.
"""
