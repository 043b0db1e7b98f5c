"""Who is asking: an API key shown as a bearer token, and nothing else. Cookies are never looked at."""

from datetime import datetime

from sqlalchemy.orm import Session

from service.actions import people
from service.core.errors import UnauthenticatedError
from service.core.people import Actor
from service.work import Identify

_SCHEME = "bearer"


def identify(header: str | None) -> Identify:
    """Say how to find the actor behind an ``Authorization`` header. Raises ``UnauthenticatedError`` if it shows no key.

    Whether the key counts is asked inside the unit of work, so that a key revoked a moment ago does not.
    """
    scheme, _, key = (header or "").partition(" ")
    if scheme.lower() != _SCHEME or not key:
        raise UnauthenticatedError

    def who(session: Session, now: datetime) -> Actor:
        return people.who(session, key, now)

    return who
