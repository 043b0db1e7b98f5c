"""The bundle of a case over HTTP: a zip that is written as it is sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final
from uuid import UUID

from service import outbound
from service.actions import bundles
from service.actions.bundles import NotSignedError, Reading, VotesOpenError
from service.archives import zipped
from service.blobs import StoreUnavailableError
from service.core.people import Permission
from service.web.api.ledger.forms import LedgerNumber
from service.web.endpoints import Call, Endpoint
from service.web.forms import Form
from service.web.process import runtime
from service.web.routes import Routes
from service.web.views import Shape, Shown

ZIP_TYPE: Final = "application/zip"

# Whoever waits for a bundle waits for witnesses, all of them together, no longer than this.
_ASKED_SHORTLY: Final = partial(outbound.post, limits=outbound.Limits(connect=2, silent=3, whole=4))

routes = Routes("bundles", ("核验资料包", "Bundles for inspectors"))


@dataclass(frozen=True, slots=True)
class Asked:
    """The size of the checkpoint that whoever asks has kept, None without one."""

    checkpoint: int | None


class BundleForm(Form):
    """From which checkpoint the bundle shall lead on."""

    makes = Asked
    neutral: ClassVar[Mapping[str, object]] = {"checkpoint": None}

    checkpoint = LedgerNumber(
        metadata={
            "description": "自存检查点的大小 · size of the checkpoint you kept, from which the bundle shall lead on"
        }
    )


@dataclass(frozen=True, slots=True)
class BundleFile:
    """Renders a bundle as a file to be kept."""

    media_type: str = ZIP_TYPE
    headers: tuple[str, ...] = ("Content-Type", "Content-Disposition")

    @property
    def shape(self) -> Shape:
        """Any bytes."""
        return {}

    def __call__(self, value: Reading, spoken: str) -> Shown:
        """Render what was asked for; the bundle is made when the work that recorded it is committed."""
        del spoken
        name = f'attachment; filename="{value.number}.zip"'
        headers = {"Content-Type": ZIP_TYPE, "Content-Disposition": name}
        return Shown(b"", headers, later=lambda: _made(value))


@routes.endpoint(
    Endpoint(
        method="GET",
        path="/applications/<uuid:case_id>/bundle",
        permission=Permission.READ_BUNDLES,
        title=("调取核验资料包", "Take away the bundle of an application"),
        query=BundleForm(),
        renders=BundleFile(),
        records=True,
        refuses=(NotSignedError, VotesOpenError, StoreUnavailableError),
    )
)
def get_bundle(call: Call[Asked], case_id: UUID) -> Reading:
    """Take away all there is of an application, every entry proven to one signed checkpoint: a zip for `verify.py`.

    That it was read, and by whom, is recorded, and the bundle holds that entry too. What cannot be handed over is named
    in its manifest. Nothing is given while votes wait for the decision.
    """
    return bundles.read(call.work, case_id, call.given.checkpoint, signs=runtime().signer is not None)


def _made(asked: Reading) -> Iterator[bytes]:
    return zipped(bundles.compiled(runtime(), asked, _ASKED_SHORTLY).packed)
