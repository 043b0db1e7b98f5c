"""Every table there is, for those who need them all: migrations and their tests."""

from typing import Final

from sqlalchemy import MetaData

from service.db import applications, ledger, people, replies, rulebooks
from service.db.base import Base

MODULES: Final = (applications, ledger, people, replies, rulebooks)
METADATA: Final[MetaData] = Base.metadata
