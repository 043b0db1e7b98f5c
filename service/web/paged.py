"""Which page of a list is asked for: how long it is, and after which cursor it begins."""

from typing import Any, Final

from service.actions.applications import LARGEST_PAGE
from service.actions.applications.cursors import LONGEST
from service.web.forms import Text, WholeNumber

_HELD: Final = 50


class PageLimit(WholeNumber):
    """How many items stand on a page. The action behind the form refuses what is too much."""

    def __init__(self) -> None:
        """Say how many there may be."""
        said = f"每页条数 · items on a page, 1 to {LARGEST_PAGE}, held is {_HELD}"
        super().__init__(metadata={"description": said, "minimum": 1, "maximum": LARGEST_PAGE})


class Cursor(Text):
    """Where a page before ended, as its answer said."""

    def __init__(self) -> None:
        """Say where it comes from."""
        described: dict[str, Any] = {
            "description": "上一页的 next_cursor · next_cursor of the page before",
            "minLength": 1,
            "maxLength": LONGEST,
            "pattern": "^[A-Za-z0-9_-]+$",
        }
        super().__init__(metadata=described)
