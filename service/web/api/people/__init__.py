"""People, their keys and their identities over HTTP."""

from service.web.api.people import identities, keys, signing_in
from service.web.api.people.endpoints import routes

__all__ = ["identities", "keys", "routes", "signing_in"]
