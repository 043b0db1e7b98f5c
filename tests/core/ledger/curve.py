"""Ed25519 in affine points and the textbook's addition: slow, short, and nothing like the code under test."""

import hashlib
from typing import TypeAlias

Point: TypeAlias = tuple[int, int]

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
BASE = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)
NEUTRAL = (0, 1)
EIGHTH = (
    14399317868200118260347934320527232580618823971194345261214217575416788799818,
    int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"),
)


def add(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P)
    return x % P, y % P


def times(number: int, point: Point) -> Point:
    result = NEUTRAL
    for digit in f"{number:b}":
        result = add(result, result)
        if digit == "1":
            result = add(result, point)
    return result


def spelled(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def challenge(first_half: bytes, key: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(first_half + key + message).digest(), "little") % ORDER


def sign(scalar: int, key: bytes, message: bytes, nonce: int = 1234567) -> bytes:
    first_half = spelled(times(nonce, BASE))
    s = (nonce + challenge(first_half, key, message) * scalar) % ORDER
    return first_half + s.to_bytes(32, "little")
