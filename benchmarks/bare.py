"""The bare application that a submission is measured beside: Flask, JSON in, one row inserted, JSON out."""

from flask import Flask, Response, jsonify, request
from sqlalchemy import text

from service.config import read_settings
from service.db.engine import make_engine

ADD = text("INSERT INTO bare (word) VALUES (:word) RETURNING id")

app = Flask(__name__)
engine = make_engine(read_settings().database_url)


@app.post("/v1/applications")
def add() -> tuple[Response, int]:
    """Keep what came."""
    with engine.begin() as connection:
        number = connection.execute(ADD, {"word": request.get_json()["project_name"]}).scalar_one()
    return jsonify({"id": number}), 201
