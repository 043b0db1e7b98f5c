"""The pages: what an office sees, on the same actions as the API. ``docs/pages.md`` tells how another is added."""

from flask import Flask

from service.web.ui import (
    account,
    admin,
    apply,
    case_moves,
    case_opinions,
    case_papers,
    case_parts,
    case_waivers,
    cases,
    entrance,
    files,
    first_password,
    home,
    intake,
    ledger,
    meetings,
    room,
    rules,
)
from service.web.ui.answers import receive, show

# In the order of the navigation.
PAGES = (
    *(entrance.pages, first_password.pages, home.pages, apply.pages, intake.pages, cases.pages),
    *(case_parts.pages, case_papers.pages, case_opinions.pages, case_moves.pages),
    case_waivers.pages,
    *meetings.PAGES,
    *room.PAGES,
    *rules.PAGES,
    *ledger.PAGES,
    *admin.PAGES,
    account.pages,
)


def register(app: Flask) -> None:
    """Give every page, and the files they need, to an application."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    files.register(app)
    for pages in PAGES:
        pages.register(app, show, receive)
