"""The pages of the rulebook: the document somebody reads, its editions, and what is proposed."""

from service.web.ui.rules import editions, proposing

PAGES = (editions.pages, proposing.pages)

__all__ = ["PAGES"]
