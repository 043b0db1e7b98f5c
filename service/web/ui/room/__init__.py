"""The pages in the room of a review meeting: its sheet, the projector, an item with vote and decision, the minutes."""

from service.web.ui.room import deciding, items, papers, projector, sheet

PAGES = (sheet.pages, projector.pages, items.pages, deciding.pages, papers.pages)
