"""Commitments to personal values."""

import pytest

from service.core.ledger.commitments import commitment

SALT, OTHER = bytes(range(32)), bytes(32)


def test_a_commitment_is_the_keyed_hash_of_the_canonical_bytes() -> None:
    # printf '"甲"' | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(seq of the bytes 00 to 1f)
    assert commitment(SALT, "甲") == "c17be9fa5b241587540fc2eeb67fa6aebb7fa91a80b43b480d8a13eb11f0cfab"


def test_another_value_or_another_salt_gives_another_commitment() -> None:
    assert len({commitment(SALT, "甲"), commitment(SALT, "乙"), commitment(OTHER, "甲")}) == 3


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33)])
def test_a_salt_that_is_no_salt_is_refused(salt: bytes) -> None:
    with pytest.raises(ValueError, match=str(len(salt))):
        commitment(salt, "甲")
