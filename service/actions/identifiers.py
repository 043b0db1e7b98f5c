"""New identifiers: the moment of the work, and the machine's randomness."""

import secrets
from uuid import UUID

from service.core.identifiers import NOISE, uuid7
from service.work import Work


def new_id(work: Work) -> UUID:
    """Make an identifier that sorts by the work's moment."""
    return uuid7(work.now, secrets.token_bytes(NOISE))
