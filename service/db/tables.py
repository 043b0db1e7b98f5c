"""Every table there is, for those who need them all: migrations and their tests."""

from typing import Final

from sqlalchemy import MetaData

from service.db import (
    applications,
    evidence,
    ledger,
    meetings,
    opinions,
    people,
    proposals,
    replies,
    rulebooks,
    sign_in,
    waivers,
    webhooks,
)
from service.db.base import Base

MODULES: Final = (
    applications,
    evidence,
    ledger,
    meetings,
    opinions,
    people,
    proposals,
    replies,
    rulebooks,
    sign_in,
    waivers,
    webhooks,
)
METADATA: Final[MetaData] = Base.metadata
