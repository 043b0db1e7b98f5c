"""The home page: what waits for whoever is signed in, and what of it is late."""

from service.actions import accountability
from service.core.people import Permission
from service.web.ui.addresses import HOME
from service.web.ui.pages import Page, PageCall, Pages, Shows

pages = Pages()

PAGE = Page(name="home", path=HOME, permission=Permission.READ_ONESELF, template="home.html", in_navigation=True)


@pages.page(PAGE)
def home(call: PageCall[None]) -> Shows:
    """List what waits, what is late first."""
    things = accountability.mine(call.work)
    return {
        "late": [one for one in things if one.late],
        "waiting": [one for one in things if not one.late],
        "today": call.work.today,
    }
