"""Tell the database's errors apart: those that pass, and values that it can't store."""

from sqlalchemy import exc


def is_database_trouble(error: Exception) -> bool:
    """True when the database is unreachable, locked, restarting or read-only, so a retry may help.

    It is read-only for a while on a PostgreSQL standby after a failover.
    """
    if isinstance(error, exc.InternalError):  # psycopg raises this for a read-only transaction
        return type(error.orig).__name__ == "ReadOnlySqlTransaction"
    return isinstance(error, (exc.OperationalError, exc.InterfaceError, exc.TimeoutError))


def is_invalid_value(error: Exception) -> bool:
    """True when the database can't store a value, such as a NUL byte in PostgreSQL."""
    return isinstance(error, exc.DataError)
