"""Editions of the rules over HTTP: those that are released, and those that are proposed."""

from service.web.api.rulebooks.endpoints import routes

__all__ = ["routes"]
