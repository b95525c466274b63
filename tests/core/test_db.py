from sqlalchemy import select

from eqsr.accounts.models import Organisation
from eqsr.core.db import db, transaction
from eqsr.core.inserts import insert_if_absent


def test_inserting_tells_whether_it_was_there_already(app):
    with app.app_context():
        with transaction():
            assert insert_if_absent(Organisation, name="Northwind", slug="northwind")
            assert not insert_if_absent(Organisation, name="Northwind", slug="northwind")
        assert len(db.session.scalars(select(Organisation)).all()) == 1
