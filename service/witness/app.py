"""The witness over HTTP: the one call of C2SP's tlog-witness."""

import sqlite3

from flask import Flask, Response, request

from service.core.ledger.witnessing import CALL, LARGEST_REQUEST
from service.witness.witness import Witness

_BUSY = 503


def make_app(witness: Witness) -> Flask:
    """Make the application of a witness."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST

    @app.post(f"/{CALL}")
    def add_checkpoint() -> Response:
        answer = witness.answer(request.get_data(cache=False))
        return Response(answer.body, answer.status, content_type=answer.type)

    @app.errorhandler(sqlite3.OperationalError)
    def wait(error: sqlite3.OperationalError) -> Response:
        """Sign nothing that cannot be remembered now."""
        app.logger.error("nothing can be remembered", exc_info=error)
        return Response("busy\n", _BUSY, content_type="text/plain")

    return app
