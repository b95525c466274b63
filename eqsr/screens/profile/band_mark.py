"""One score as a small band on a line, for a row of a table."""

from markupsafe import Markup

from eqsr.instruments import svg
from eqsr.instruments.catalogue import Scale
from eqsr.instruments.scoring import ScaleScore
from eqsr.instruments.scoring.scale_score import Estimate


def axis_shares(score: ScaleScore, scale: Scale) -> Estimate | None:
    """The score as shares (0 to 1) of its axis: ten stens, or the scale's own range.

    None when the score can't be interpreted.
    """
    if not score.interpretable:
        return None
    if (stens := score.in_stens) is not None:
        return Estimate(*map(svg.sten_share, stens))
    if (own := score.in_own_unit) is None:
        return None
    return Estimate(*(svg.raw_share(one, scale) for one in own))


def mark(score: ScaleScore, scale: Scale) -> Markup:
    """Draw one band on a line, as decoration of a table row that gives the values in words."""
    shares = axis_shares(score, scale)
    if shares is None:
        return Markup("")
    start, end, point = (round(4 + share * 152, 1) for share in shares)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="plot mark" viewBox="0 0 160 20" '
        'aria-hidden="true">{}{}{}</svg>'
    ).format(
        svg.outline("plot-axis", 4, 5, 152, 10), svg.band(start, end, 10), svg.point(point, 10, 6)
    )
