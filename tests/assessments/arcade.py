"""Every game on a page of its own, without sitting or database, to be played and tested.

``python -m tests.assessments.arcade`` serves it on port 8765. The four addresses of each game are
the contract of static/games/README.md; answers are kept in memory.
"""

import json
from dataclasses import replace
from pathlib import Path

from flask import Flask, abort, jsonify, request

from eqsr.assessments import catalogue, tasks
from eqsr.assessments.catalogue import Instrument
from eqsr.assessments.tasks import Response, Trial

STATIC = Path(__file__).parents[2] / "static"
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="csrf-token" content="token">
<title>{name}</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/app.css"><link rel="stylesheet" href="/static/forms.css">
<link rel="stylesheet" href="/static/components.css">
<link rel="stylesheet" href="/static/games/games.css">
<script type="module" src="/static/games/runner.js"></script></head>
<body><header class="focus-header"><div class="brand"><span>Arcade</span></div></header>
<main class="focus focus-wide"><div class="game" data-game data-endpoint="/play/{id}"
data-failed="This game could not be loaded."></div></main></body></html>"""


class Sitting:
    """One go at one game."""

    def __init__(self, instrument_id: str, seed: int, quick: bool) -> None:
        self.instrument = catalogue.instrument(instrument_id)
        if quick:
            self.instrument = _quick(self.instrument)
        self.seed = seed
        self.trials = tasks.generate(self.instrument, seed)
        self.responses: list[Response] = []
        self.finished = False
        self.device: dict = {}

    def state(self) -> dict:
        found = tasks.state(self.instrument, self.trials, self.responses, self.seed)
        return found | {"finished": self.finished, "next": "/"}

    def result(self) -> dict:
        """Scored from what would be stored: through JSON and back."""
        trials = [Trial.from_dict(t) for t in json.loads(json.dumps(_dicts(self.trials)))]
        responses = [Response(**r) for r in json.loads(json.dumps(_dicts(self.responses)))]
        return tasks.score(self.instrument, trials, responses).to_dict()


def _quick(instrument: Instrument) -> Instrument:
    """The same game, over sooner: shorter, and at a pace for programs."""
    faster = {
        "digit-span": {"show_ms": 60, "gap_ms": 30},
        "block-span": {"show_ms": 60, "gap_ms": 30},
        "n-back": {"levels": [1, 2], "scored": 8, "targets": 3, "show_ms": 400, "pace_ms": 900},
        "ferry": {"levels": instrument.parameters.get("levels", [])[:3]},
        "matrix": {"levels": instrument.parameters.get("levels", [])[:4], "per_round": 2},
        "spotting": {"rounds": 2, "per_round": 8},
        "switching": {"rounds": 2, "per_round": 8},
    }[instrument.id]
    if parts := instrument.parameters.get("parts"):
        faster |= {"parts": [part | {"to": part["from"] + 2} for part in parts]}
    practice = {"per_round": 4, "scored": 4, "targets": 1, "lures": 0}
    return replace(
        instrument,
        parameters=instrument.parameters | faster,
        practice=instrument.practice
        | {name: value for name, value in practice.items() if name in instrument.practice},
    )


def _dicts(things: list) -> list[dict]:
    return [thing.to_dict() for thing in things]


def create_arcade(seed: int = 1, quick: bool = False) -> Flask:
    """The application; ``app.sittings`` holds what was played, by instrument."""
    app = Flask(__name__, static_folder=STATIC)
    app.sittings = {}

    def sitting(instrument_id: str) -> Sitting:
        if instrument_id not in app.sittings:
            app.sittings[instrument_id] = Sitting(instrument_id, seed, quick)
        return app.sittings[instrument_id]

    @app.after_request
    def headers(response):
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.get("/")
    def games():
        links = (f'<li><a href="/play/{i.id}">{i.name}</a>' for i in playable())
        return f"<!doctype html><title>Arcade</title><ul>{''.join(links)}</ul>"

    @app.get("/play/<game>")
    def page(game: str):
        return PAGE.format(id=game, name=sitting(game).instrument.name)

    @app.get("/play/<game>/state")
    def state(game: str):
        return jsonify(sitting(game).state())

    @app.post("/play/<game>/trials")
    def trials(game: str):
        one = sitting(game)
        try:
            new = tasks.receive(one.instrument, one.trials, one.responses, request.get_json())
        except ValueError as error:
            abort(422, str(error))
        one.responses += new
        return jsonify({"stored": len(one.responses)})

    @app.post("/play/<game>/finish")
    def finish(game: str):
        one = sitting(game)
        if tasks.to_do(one.instrument, one.trials, one.responses):
            abort(422, "not everything is played")
        one.finished = True
        one.device = request.get_json()["device"]
        return jsonify(one.state())

    @app.get("/play/<game>/result")
    def result(game: str):
        return jsonify(sitting(game).result())

    return app


def playable() -> list[Instrument]:
    """Every task in the catalogue."""
    return [one for one in catalogue.instruments() if one.kind == "task"]


if __name__ == "__main__":
    create_arcade().run(port=8765)
