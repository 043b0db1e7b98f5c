"""A node as a plain value: what JSON holds, with every number exact. Days stay text."""

from service.core.rules.reading.collect import Faults
from service.core.rules.reading.nodes import Listing, Node, Table
from service.core.rules.reading.scalars import TRUTH, kind, number
from service.core.values import Json


def plain(node: Node, faults: Faults) -> Json:
    """Read whatever a node holds. Numbers out of range are noted."""
    if isinstance(node, Listing):
        return [plain(item, faults) for item in node.items]
    if isinstance(node, Table):
        return {key.text: plain(value, faults) for key, value in node.entries}
    found = kind(node)
    if found == "number":
        return number(node, faults)
    if found == "boolean":
        return TRUTH[node.text]
    return node.text if found == "text" else None
