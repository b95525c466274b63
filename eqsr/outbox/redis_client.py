"""Which Redis is used, and the clients that talk to it."""

from functools import cache

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError
from redis.retry import Retry

from eqsr.core import embedded_redis, redis_server
from eqsr.core.settings import Settings

# Seconds until a Redis that does not answer counts as away.
REDIS_TIMEOUT = 3.0
_settings: Settings | None = None


def configure(settings: Settings) -> None:
    """Set which Redis to use; called once by create_app."""
    global _settings
    _settings = settings
    connect.cache_clear()


@cache
def connect() -> Redis:
    """Return the shared client, which does not retry, so that a request never waits for Redis.

    Starts the embedded server if there is no REDIS_URL. Raises redis' ConnectionError when that
    fails.
    """
    return Redis.from_url(redis_url(), socket_timeout=REDIS_TIMEOUT, retry=Retry(NoBackoff(), 0))


def blocking_client() -> Redis:
    """Make a client for blocking pops, which take longer than the timeout of ``connect()``.

    It notices after ten seconds that a server does not answer at all.
    """
    return Redis.from_url(redis_url(), socket_timeout=10.0, retry=Retry(NoBackoff(), 0))


def redis_url() -> str:
    """REDIS_URL, or the URL of the embedded server, which is started if necessary.

    Raises redis' ConnectionError when the embedded server can't be started.
    """
    return _configured().redis_url or _embedded()


def restart_embedded_redis() -> None:
    """Start the embedded server again if it has ended; does nothing if REDIS_URL is set."""
    if not _configured().redis_url:
        _embedded()


def _configured() -> Settings:
    if _settings is None:
        raise RuntimeError("create_app has not called queue.configure() yet")
    return _settings


def _embedded() -> str:
    try:
        return embedded_redis.ensure(_configured().data_dir)
    except redis_server.LocalRedisError as problem:
        raise ConnectionError(str(problem)) from problem
