"""A restored database equals the kept one, and a fresh one is empty."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import create_engine, text

from tests.services.databases import Database, PostgresDatabase, SqliteDatabase
from tests.services.postgres import postgres_server


def run(url: str, *statements: str) -> list[str]:
    """Return the first column of the last statement's rows."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            found = connection.execute(text(statement))
        rows = [row[0] for row in found] if found.returns_rows else []
    engine.dispose()
    return rows


def migrate(url: str) -> None:
    run(
        url,
        "CREATE TABLE thing (name text PRIMARY KEY)",
        "CREATE TABLE part (name text REFERENCES thing)",
        "CREATE TABLE empty (name text)",
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield SqliteDatabase(tmp_path, migrate)
    else:
        with (
            postgres_server(tmp_path) as server,
            closing(PostgresDatabase(server, "one", migrate)) as found,
        ):
            yield found


def test_what_was_kept_comes_back_as_often_as_wanted(database):
    url = database()
    run(url, "INSERT INTO thing VALUES ('Łódź\t\\N')", "INSERT INTO part SELECT name FROM thing")
    database.keep("kept")
    for harm in ("DELETE FROM part", "INSERT INTO empty VALUES ('x')", "DROP TABLE part"):
        run(url, harm)
        database.restore("kept")
        assert run(url, "SELECT name FROM part") == ["Łódź\t\\N"]
        assert run(url, "SELECT name FROM thing JOIN part USING (name)") == ["Łódź\t\\N"]
        assert run(url, "SELECT name FROM empty") == []
    assert run(database(), "SELECT name FROM thing") == []
    database.restore("kept")
    assert len(run(url, "SELECT name FROM thing")) == 1
