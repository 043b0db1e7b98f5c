"""What a browser sends of a form as a page shows it: every field, what is chosen, what is ticked."""

from collections.abc import Sequence
from html.parser import HTMLParser
from urllib.parse import urlencode

from werkzeug.test import TestResponse

from tests.ui.visiting import HOST, Visitor

Pairs = list[tuple[str, str]]


class _Form(HTMLParser):
    """Reads the form that is sent to an address."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.pairs = action, Pairs()
        self.found = self.inside = False
        self.select = self.area = ""
        self.options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and (told.get("method"), told.get("action")) == ("post", self.action):
            self.found = self.inside = True
        elif self.inside:
            self._field(tag, told)

    def _field(self, tag: str, told: dict[str, str]) -> None:
        if tag == "input":
            is_chosen = told.get("type") not in {"radio", "checkbox"} or "checked" in told
            self.pairs += [(told["name"], told.get("value", ""))] if is_chosen and "name" in told else []
        elif tag == "select":
            self.select, self.options = told["name"], []
        elif tag == "option":
            self.options.append((told["value"], "selected" in told))
        elif tag == "textarea":
            self.area = told["name"]
            self.pairs.append((self.area, ""))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.pairs[-1] = (self.area, self.pairs[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            chosen = [value for value, is_chosen in self.options if is_chosen] or [self.options[0][0]]
            self.pairs.append((self.select, chosen[-1]))
            self.select = ""
        elif tag == "textarea":
            self.area = ""
        elif tag == "form":
            self.inside = False


def filled(page: TestResponse, action: str) -> Pairs:
    """What stands in the form that a page sends to an address."""
    form = _Form(action)
    form.feed(page.text)
    assert form.found, page.text
    return form.pairs


def changed(pairs: Pairs, **changes: str | Sequence[str]) -> Pairs:
    """Put other texts in the place of all that stood in some fields."""
    kept = [(name, text) for name, text in pairs if name not in changes]
    texts = {name: [told] if isinstance(told, str) else told for name, told in changes.items()}
    return kept + [(name, text) for name, several in texts.items() for text in several]


def send(visitor: Visitor, action: str, pairs: Pairs) -> TestResponse:
    """Send fields to an address."""
    return visitor.client.post(
        action,
        base_url=HOST,
        data=urlencode(pairs),
        content_type="application/x-www-form-urlencoded",
        headers={"Accept": "text/html"},
    )


def press(visitor: Visitor, page: str, action: str = "", **changes: str | Sequence[str]) -> TestResponse:
    """Open a page, change some fields of its form to an address (its own unless another is given), and send it."""
    to = action or page
    return send(visitor, to, changed(filled(visitor.get(page), to), **changes))
