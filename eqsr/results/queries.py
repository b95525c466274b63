"""Reading and changing one write-back's row."""

import uuid
from typing import Any

from sqlalchemy import update

from eqsr.core.db import db, transaction
from eqsr.results.models import WriteBack


def get(write_back_id: uuid.UUID) -> WriteBack:
    """The row as it is in the database now."""
    return db.session.get_one(WriteBack, write_back_id, populate_existing=True)


def change(write_back_id: uuid.UUID, **values: Any) -> None:
    """Set columns, in a transaction of its own unless one is open."""
    with transaction() as session:
        session.execute(update(WriteBack).where(WriteBack.id == write_back_id).values(**values))
