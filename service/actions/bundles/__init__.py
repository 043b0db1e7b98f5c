"""Bundles: one case as an inspector takes it away, every entry of it proven to one signed checkpoint."""

from service.actions.bundles.compile import Bundle, compiled
from service.actions.bundles.reading import NotSignedError, Reading, VotesOpenError, case_of, read

__all__ = ["Bundle", "NotSignedError", "Reading", "VotesOpenError", "case_of", "compiled", "read"]
