"""A paper as a print page: HTML that needs no script and asks nothing of anybody."""

import hashlib
from base64 import b64encode
from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from service.web.printing.paper import Paper
from service.web.views import Shown

HTML_TYPE: Final = "text/html"

_FOLDER = "templates"
_WIDE = "@page { size: A4 landscape; margin: 12mm; }\n"
_TALL = "@page { size: A4; margin: 22mm 20mm; }\n"
_JINJA = Environment(
    loader=PackageLoader("service.web.printing", _FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def page(paper: Paper) -> Shown:
    """Write a paper as a page. Its style is allowed by its hash, so that the same paper is the same bytes."""
    style = _style(landscape=paper.landscape)
    text = _JINJA.get_template("paper.html").render(paper=paper, style=style)
    headers = {
        "Content-Type": f"{HTML_TYPE}; charset=utf-8",
        "Content-Language": paper.language,
        "Content-Security-Policy": _policy(style),
    }
    return Shown(text.encode(), headers)


def _policy(style: str) -> str:
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def _style(*, landscape: bool) -> str:
    folder = files("service.web.printing") / _FOLDER
    return (_WIDE if landscape else _TALL) + folder.joinpath("paper.css").read_text(encoding="utf-8")
