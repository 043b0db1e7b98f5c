"""The pages of the ledger: its entries, their proofs, what an inspector takes away; and who answers for what."""

from service.web.ui.ledger import accounting, consistency, entries, entry, verifying

PAGES = (entries.pages, entry.pages, consistency.pages, verifying.pages, accounting.pages)
