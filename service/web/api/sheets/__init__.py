"""What comes out of a review over HTTP: scores sheet, minutes, decision letter, accountability."""

from service.web.api.sheets.endpoints import routes

__all__ = ["routes"]
