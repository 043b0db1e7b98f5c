"""The log as files: tiles of hashes, as far as a checkpoint is signed over them."""

from service.actions.ledger.checkpoints import newest
from service.actions.ledger.proving import hashes
from service.core.errors import MalformedError, NotFoundError
from service.core.ledger.merkle import TILE_HEIGHT
from service.core.ledger.tiles import WIDTH, Tile, read_tile_path, width_at, write_hashes
from service.work import Work


def tile(work: Work, place: str) -> bytes:
    """Give a tile of hashes by its path after ``tile/``. Raises ``NotFoundError`` for one not there (yet)."""
    found = published(work, place)
    if found.level is None:
        raise NotFoundError(kind="tile")
    return write_hashes(hashes(work.session, found.level * TILE_HEIGHT, found.index * WIDTH, found.width))


def published(work: Work, place: str) -> Tile:
    """Read the path of a tile, or of entries, over which a checkpoint is signed. Raises ``NotFoundError``."""
    try:
        found = read_tile_path(f"tile/{place}")
    except MalformedError as error:
        raise NotFoundError(kind="tile") from error
    last = newest(work.session)
    if last is None or width_at(found.level, found.index, last.size) < found.width:
        raise NotFoundError(kind="tile")
    return found
