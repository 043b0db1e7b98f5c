"""Office files are zip archives; written twice they differ in nothing but times. This takes the times out."""

import io
import zipfile
from collections.abc import Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


def timeless(content: bytes, replaced: Mapping[str, bytes]) -> bytes:
    """Pack an archive again without the times of its members, some of them replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = _READABLE
            packed.writestr(member, replaced.get(name) or source.read(name))
    return target.getvalue()
