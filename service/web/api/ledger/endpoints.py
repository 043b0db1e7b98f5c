"""The endpoints of the ledger: what a reader of C2SP's tlog-tiles expects below ``/v1/ledger``, and more."""

from service.actions import entries, ledger
from service.actions.applications import Page
from service.actions.entries import Entry, Wanted
from service.core.errors import NotFoundError
from service.core.people import Permission
from service.web.api.ledger.forms import Place, PlaceForm, Sizes, SizesForm, WantedForm
from service.web.api.ledger.views import EntryView, LedgerHealthView
from service.web.endpoints import Call, Endpoint
from service.web.octets import IMMUTABLE, OCTETS, TEXT, Octets
from service.web.process import runtime
from service.web.routes import Routes
from service.web.views import Paged, Plain

_TILE = Octets(OCTETS, IMMUTABLE)

routes = Routes("ledger", ("台账", "The ledger"))


@routes.endpoint(
    Endpoint(
        method="GET",
        path="/ledger/checkpoint",
        permission=Permission.READ_PROOFS,
        title=("最新检查点", "The newest checkpoint"),
        renders=Octets(TEXT),
        refuses=(NotFoundError,),
    )
)
def get_checkpoint(call: Call[None]) -> bytes:
    """Read the newest checkpoint, a signed note: origin, size, root. Keep it: it shows any later rollback."""
    return ledger.note(call.work)


@routes.endpoint(
    Endpoint(
        method="GET",
        path="/ledger/tile/entries/<path:place>",
        permission=Permission.READ_LEDGER,
        title=("记录分片", "A bundle of entries"),
        renders=_TILE,
    )
)
def get_entry_tile(call: Call[None], place: str) -> bytes:
    """Read up to 256 entries, each after its length in two bytes, by C2SP's path: `000`, `x001/234.p/56`."""
    return entries.bundle(call.work, f"entries/{place}")


@routes.endpoint(
    Endpoint(
        method="GET",
        path="/ledger/tile/<path:place>",
        permission=Permission.READ_PROOFS,
        title=("哈希分片", "A tile of hashes"),
        renders=_TILE,
    )
)
def get_tile(call: Call[None], place: str) -> bytes:
    """Read up to 256 hashes of a level, by C2SP's path: `0/000`, `1/x001/234`, `0/003.p/17`."""
    return ledger.tile(call.work, place)


@routes.endpoint(
    Endpoint(
        method="GET",
        path="/ledger/proofs/inclusion",
        permission=Permission.READ_PROOFS,
        title=("记录在册证明", "Prove that an entry is in the tree"),
        query=PlaceForm(),
        renders=Octets(TEXT),
        refuses=(NotFoundError,),
    )
)
def prove_inclusion(call: Call[Place]) -> bytes:
    """Prove an entry to a signed checkpoint, as `c2sp.org/tlog-proof@v1`. A size that was not signed is refused."""
    return ledger.inclusion_proof(call.work, call.given.index, call.given.size)


@routes.endpoint(
    Endpoint(
        method="GET",
        path="/ledger/proofs/consistency",
        permission=Permission.READ_PROOFS,
        title=("检查点衔接证明", "Prove that nothing was rewritten between two checkpoints"),
        query=SizesForm(),
        renders=Octets(TEXT),
        refuses=(NotFoundError,),
    )
)
def prove_consistency(call: Call[Sizes]) -> bytes:
    """Prove that the newer of two signed checkpoints begins with the older: hashes in base64, one a line."""
    return ledger.consistency_proof(call.work, call.given.old, call.given.new)


@routes.endpoint(
    Endpoint(
        method="GET",
        path="/ledger/entries",
        permission=Permission.READ_LEDGER,
        title=("查阅记录", "Read entries"),
        query=WantedForm(),
        renders=Paged(EntryView(), cursor="after"),
    )
)
def find_entries(call: Call[Wanted]) -> Page[Entry]:
    """List the entries in the tree by number; `next_cursor` is the `after` of the next page."""
    return entries.find(call.work, call.given)


@routes.endpoint(
    Endpoint(
        method="GET",
        path="/ledger/health",
        permission=Permission.READ_PROOFS,
        title=("台账运行状况", "How the ledger is"),
        renders=Plain(LedgerHealthView()),
    )
)
def get_health(call: Call[None]) -> ledger.Health:
    """Say what waits, what is signed and cosigned, and whether the signer refuses."""
    return ledger.health(call.work, runtime().signer)
