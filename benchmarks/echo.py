"""The bare application that a pre-check is measured beside: Flask, JSON in, the same JSON out."""

from flask import Flask, Response, jsonify, request

app = Flask(__name__)


@app.post("/echo")
def echo() -> Response:
    """Give back what came."""
    return jsonify(request.get_json())
