"""An identity server in this process: it publishes keys over HTTP, signs tokens with them, and may fail or rotate."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from service.work import Runtime
from tests.conftest import Clock

ISSUER = "https://id.zone.example/realms/zone"
AUDIENCE = "sluice"
SUBJECT = "f2b1c9d4-5f3a-4c55-9d1b-9a57a34f60c8"

_READERS: dict[str, Any] = {"RS": RSAAlgorithm, "PS": RSAAlgorithm, "ES": ECAlgorithm, "Ed": OKPAlgorithm}


@cache
def key(name: str, algorithm: str = "RS256") -> Any:  # noqa: ANN401 - keys of several kinds
    """A private key of that name, the same throughout."""
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())
    if algorithm.startswith("ES"):
        curve = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}[algorithm]
        return ec.generate_private_key(curve)
    return rsa.generate_private_key(65_537, int(name.rpartition("-")[2]) if name.startswith("small") else 2_048)


def published(name: str, algorithm: str = "RS256", **members: object) -> dict[str, object]:
    """The public half of a key the way servers publish it."""
    written = json.loads(_READERS[algorithm[:2]].to_jwk(key(name, algorithm).public_key()))
    return {**written, "kid": name, "use": "sig", "alg": algorithm, **members}


@dataclass
class Server:
    """What it publishes, how often it was asked, and what it answers instead where it fails."""

    url: str = ""
    keys: list[dict[str, object]] = field(default_factory=lambda: [published("one")])
    asked: int = 0
    fails: bytes | None = None

    def content(self) -> tuple[int, bytes]:
        """What is answered now."""
        self.asked += 1
        if self.fails is not None:
            return HTTPStatus.OK if self.fails else HTTPStatus.SERVICE_UNAVAILABLE, self.fails
        return HTTPStatus.OK, json.dumps({"keys": self.keys}).encode()


@contextmanager
def serving() -> Iterator[Server]:
    """Serve on a free port."""
    server = Server()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content = server.content()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as listening:
        server.url = f"http://127.0.0.1:{listening.server_address[1]}/keys"
        thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()


def trusting(runtime: Runtime, server: Server, **settings: Any) -> Runtime:  # noqa: ANN401 - settings of any kind
    """The same service with this identity server set."""
    believed = {"oidc_issuer": ISSUER, "oidc_audience": AUDIENCE, "oidc_jwks_url": server.url, **settings}
    return replace(runtime, settings=replace(runtime.settings, **believed))


def claims(now: datetime, **changes: object) -> dict[str, object]:
    """What stands in a token without a flaw; a change to ``...`` leaves a claim out."""
    moment = int(now.timestamp())
    sound: dict[str, object] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": SUBJECT,
        "iat": moment,
        "nbf": moment,
        "exp": moment + 300,
    }
    return {name: value for name, value in {**sound, **changes}.items() if value is not ...}


def signed(
    told: dict[str, object], name: str | None = "one", algorithm: str = "RS256", signer: str = "one", **header: object
) -> str:
    """A token signed with the key of the ``signer``, under the ``name`` of a key."""
    headers = {"typ": "at+jwt", **({} if name is None else {"kid": name}), **header}
    return jwt.encode(told, key(signer, algorithm), algorithm=algorithm, headers=headers)


def token(clock: Clock, **changes: object) -> str:
    """A token of now, signed with the first key."""
    return signed(claims(clock.now, **changes))


def with_shared_secret(told: dict[str, object]) -> str:
    """A token signed with HS256, its secret the public key that everybody has."""
    secret = key("one").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [_part({"alg": "HS256", "typ": "at+jwt", "kid": "one"}), _part(told)]
    mac = hmac.new(secret, ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, encoded(mac)])


def unsigned(told: dict[str, object]) -> str:
    """A token that nobody signed."""
    return ".".join([_part({"alg": "none", "typ": "at+jwt", "kid": "one"}), _part(told), ""])


def _part(members: dict[str, object]) -> str:
    return encoded(json.dumps(members).encode())


def deep() -> str:
    """A token that is signed, and nested deeper than anybody reads."""
    head = _part({"alg": "RS256", "typ": "at+jwt", "kid": "one"})
    told = encoded(b"[" * 4_000)
    signature = key("one").sign(f"{head}.{told}".encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{head}.{told}.{encoded(signature)}"


def encoded(content: bytes) -> str:
    """The spelling of a part of a token."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
