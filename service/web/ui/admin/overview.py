"""Where administration begins: its parts, and whatever is not as it should be."""

from typing import Final

from service.actions import webhooks
from service.core.people import Permission
from service.web import health
from service.web.process import runtime
from service.web.ui import home
from service.web.ui.pages import Page, PageCall, Pages, Shows

# What administration has, in the order in which it is shown.
PARTS: Final = ("people", "webhooks", "events", "settings")

pages = Pages()

PAGE: Final = Page(
    name="admin",
    path="/admin",
    permission=Permission.MANAGE_PEOPLE,
    template="admin.html",
    in_navigation=True,
    under=home.PAGE,
)


@pages.page(PAGE)
def read_admin(call: PageCall[None]) -> Shows:
    """Show the parts, what the service lacks, and which webhooks fail."""
    standing = health.standing(runtime())
    return {
        "parts": PARTS,
        "lacking": [name for name, holds in standing.items() if not holds],
        "failing": webhooks.failing(call.work),
    }
