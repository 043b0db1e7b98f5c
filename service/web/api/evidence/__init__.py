"""Papers over HTTP."""

from service.web.api.evidence.endpoints import routes

__all__ = ["routes"]
