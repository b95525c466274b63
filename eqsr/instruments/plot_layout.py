"""Sizes of a plotted profile, for wide pages and for phones."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlotLayout:
    """Sizes in the drawing's units, which are CSS pixels if it is shown at ``width``."""

    name: str
    width: int
    row: int
    axis_x: int
    axis_y: int
    cell: float
    cell_height: int
    pole_y: int
    pole_gap: int | None
    font: int
    letters: int
    """How many letters of a scale's name and value fit side by side above the axis."""


WIDE_PLOT = PlotLayout("wide", 760, 84, 180, 30, 40, 26, 48, 14, 15, 48)
"""The pole words are left and right of the axis."""
COMPACT_PLOT = PlotLayout("compact", 340, 104, 10, 50, 32, 24, 42, None, 14, 42)
"""For screens of 340 pixels: the pole words are above the two ends of the axis."""
LAYOUTS = {layout.name: layout for layout in (WIDE_PLOT, COMPACT_PLOT)}
