"""The ledger over HTTP."""

from service.web.api.ledger.endpoints import routes

__all__ = ["routes"]
