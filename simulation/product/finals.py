"""Has the database itself write down whatever leaves a state, for the oracle to judge."""

from sqlalchemy import text

from eqsr.core.db import db
from eqsr.core.inserts import table_of
from eqsr.invitations.models import Invitation
from eqsr.mail.models import Mail
from eqsr.outbox.models import Work
from eqsr.sittings.models import Sitting

_STATE = {"work": (Work, "state"), "mail": (Mail, "state"), "invitation": (Invitation, "state")}
# Of a sitting: '' is under way.
_NOUNS = {**_STATE, "sitting": (Sitting, "finished_at")}


def watch(final: dict[str, tuple[str, ...]]) -> None:
    """Note each change of a row that was in one of these states, per noun; committed ones only.

    Of a sitting, any change of the time at which it was finished.
    """
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE simulation_left (noun, key, before, after)"))
        for noun, (model, column) in _NOUNS.items():
            states = ", ".join(f"'{one}'" for one in final.get(noun, ()))
            was = f"OLD.{column} IN ({states})" if states else f"OLD.{column} IS NOT NULL"
            values = f"'{noun}', OLD.id, OLD.{column}, NEW.{column}"
            note = f"INSERT INTO simulation_left VALUES ({values})"  # noqa: S608
            connection.execute(
                text(
                    f"CREATE TRIGGER simulation_{noun} AFTER UPDATE OF {column} "
                    f"ON {table_of(model).name} "
                    f"WHEN {was} AND NEW.{column} IS NOT OLD.{column} BEGIN {note}; END"
                )
            )


def left() -> list[tuple[str, str, str]]:
    """(noun, state before, state after) of each such change so far."""
    query = text("SELECT noun, before, after FROM simulation_left ORDER BY noun, before, after")
    return [(noun, before, after or "") for noun, before, after in db.session.execute(query)]
