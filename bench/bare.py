"""The minimum cost of a webhook: a bare Flask route with one durable INSERT.

gunicorn runs it like the product; ``BARE_DATABASE_URL`` names the database.
"""

import os
import sqlite3
import threading

import psycopg
from flask import Flask, request

app = Flask(__name__)
url = os.environ["BARE_DATABASE_URL"]
here = threading.local()
lock = threading.Lock()


def connection():
    if not hasattr(here, "connection"):
        if url.startswith("sqlite"):
            here.connection = sqlite3.connect(
                url.removeprefix("sqlite:///"), isolation_level=None, timeout=20
            )
            here.connection.execute("PRAGMA journal_mode=WAL")
            here.connection.execute("PRAGMA synchronous=FULL")
        else:
            here.connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
    return here.connection


@app.post("/bare")
def bare():
    body = request.get_data(cache=False, as_text=True)
    if url.startswith("sqlite"):
        with lock:
            connection().execute("INSERT INTO bare (body) VALUES (?)", (body,))
    else:
        connection().execute("INSERT INTO bare (body) VALUES (%s)", (body,))
    return "", 202


def make_table() -> None:
    kind = "INTEGER PRIMARY KEY" if url.startswith("sqlite") else "SERIAL PRIMARY KEY"
    connection().execute(f"CREATE TABLE IF NOT EXISTS bare (id {kind}, body TEXT NOT NULL)")


make_table()
