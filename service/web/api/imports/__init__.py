"""Imports and exports over HTTP."""

from service.web.api.imports.endpoints import routes

__all__ = ["routes"]
