"""The end of a read that fails leaves a session that others can use."""

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from eqsr.core.db import db, end_read, transaction


@pytest.mark.parametrize("ends", ["end_read", "transaction"])
def test_a_connection_that_is_lost_at_the_end_of_a_read_leaves_the_session_usable(
    app: Flask, ends: str
):
    def lost(_connection: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("the connection was lost"))

    with app.app_context():
        db.session.execute(text("SELECT 1"))
        event.listen(db.engine, "commit", lost)
        try:
            with pytest.raises(OperationalError):
                if ends == "end_read":
                    end_read()
                else:
                    with transaction():
                        pass
        finally:
            event.remove(db.engine, "commit", lost)
        assert db.session.scalar(text("SELECT 2")) == 2
        db.session.remove()
