"""Charts as SVG: figures and words in, markup out. Nothing in them depends on colour alone, nothing on a script."""

from service.web.ui.charts.curve import Curve, curve
from service.web.ui.charts.dimensions import Scored, dimensions
from service.web.ui.charts.frame import Kind, Limit, Mark, Told
from service.web.ui.charts.interval import Total, interval

__all__ = ["Curve", "Kind", "Limit", "Mark", "Scored", "Told", "Total", "curve", "dimensions", "interval"]
