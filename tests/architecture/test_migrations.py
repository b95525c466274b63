"""The migrations create exactly the tables that the models define."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from eqsr.core.db import db
from tests.extras.privacy.marked import texts
from tests.sittings import sitting as sit


def differences() -> list:
    with db.engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection), db.metadata)


def test_migrations_equal_the_models(app):
    with app.app_context():
        assert differences() == []


def test_a_column_that_no_migration_makes_is_noticed(app):
    with app.app_context():
        table = next(iter(db.metadata.tables.values()))
        column = db.Column("forgotten", db.Integer)
        table.append_column(column)
        try:
            assert differences() != []
        finally:
            table._columns.remove(column)


def test_there_is_one_line_of_migrations(app):
    with app.app_context():
        script = ScriptDirectory(app.extensions["migrate"].directory)
        assert len(script.get_heads()) == 1


def test_down_to_nothing_and_up_again(app):
    with app.app_context():
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        assert differences() == []


def test_what_was_stored_with_the_first_tables_is_kept_on_the_way_up(app, world):
    sit.invite(world)
    before = sorted(texts(app))
    with app.app_context():
        downgrade(revision="0001")
        upgrade()
        assert differences() == []
    assert sorted(texts(app)) == before
