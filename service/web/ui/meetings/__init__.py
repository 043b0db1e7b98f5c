"""The pages with which meetings are prepared, opened and ended; what happens in the room is ``service.web.ui.room``."""

from service.web.ui.meetings import agenda, bound, calling, holding, listing, overview, seats, standing_in

PAGES = (
    *(listing.pages, calling.pages, overview.pages, agenda.pages, seats.pages, holding.pages),
    *(standing_in.pages, bound.pages),
)
