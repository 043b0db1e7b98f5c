"""Whether an Ed25519 signature holds (RFC 8032), with one answer for the cases in which implementations differ.

Refused are a half ``s`` that is not below the group's order, a key in a spelling RFC 8032 does not produce, and a key
of small order, under which one signature fits many messages. What remains holds if and only if
``s·B - k·A`` is, byte for byte, the first half of the signature: no cofactor, and no second spelling of that half.
Signing is not here; it needs care against side channels that plain Python cannot give.
"""

import hashlib
from typing import TypeAlias

KEY_BYTES = 32
SIGNATURE_BYTES = 64

# A point as (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z.
_Point: TypeAlias = tuple[int, int, int, int]

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_NEUTRAL: _Point = (0, 1, 1, 0)
_BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
_BASE_Y = 46316835694926478169428394003475163141307993866256225615783033603165251855960
_BASE: _Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P)


def holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether the signature is the key's for this message. Keys and signatures of another length hold nothing."""
    if len(public_key) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    key = _point(public_key)
    s = int.from_bytes(signature[32:], "little")
    if key is None or s >= _ORDER or _is_small(key):
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    x, y, z, t = key
    minus_key = (_P - x, y, z, _P - t)
    return _spelling(_sum_of_products(s, _BASE, int.from_bytes(digest, "little") % _ORDER, minus_key)) == signature[:32]


def _point(spelling: bytes) -> _Point | None:
    """Read a point in its one spelling; None for bytes that are not one."""
    number = int.from_bytes(spelling, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if y >= _P:
        return None
    x = _x(y)
    if x is None or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _x(y: int) -> int | None:
    over, under = y * y - 1, _D * y * y + 1
    square = over * pow(under, -1, _P) % _P  # under is never zero: -1/d is not a square
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * _ROOT_OF_MINUS_ONE % _P
    return x if x * x % _P == square else None


def _spelling(point: _Point) -> bytes:
    x, y, z, _ = point
    inverse = pow(z, -1, _P)
    return (y * inverse % _P | (x * inverse % _P & 1) << 255).to_bytes(32, "little")


def _is_small(point: _Point) -> bool:
    eightfold = _double(_double(_double(point)))
    return eightfold[0] == 0 and eightfold[1] == eightfold[2]


def _add(one: _Point, other: _Point) -> _Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _double(point: _Point) -> _Point:
    x, y, z, _ = point
    a, b = x * x % _P, y * y % _P
    h = a + b
    e = h - (x + y) * (x + y)
    g = a - b
    f = 2 * z * z + g
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _sum_of_products(first: int, one: _Point, second: int, other: _Point) -> _Point:
    both = (_NEUTRAL, one, other, _add(one, other))
    result = _NEUTRAL
    for bit in range(max(first.bit_length(), second.bit_length()) - 1, -1, -1):
        result = _double(result)
        choice = (first >> bit & 1) | (second >> bit & 1) << 1
        if choice:
            result = _add(result, both[choice])
    return result
