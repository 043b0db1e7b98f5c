"""Webhooks and events over HTTP."""

from service.web.api.webhooks.endpoints import routes

__all__ = ["routes"]
