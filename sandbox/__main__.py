"""``python -m sandbox --port N``: start the API, the pages and the mail sink."""

import argparse
import logging
import os
import signal
import sys
from pathlib import Path

from waitress import create_server

from . import seed
from .app import create_app
from .mailsink import MailSink
from .world import World

THREADS = 24


def main() -> None:
    """Start everything, print one line about it, and run until a signal arrives."""
    options = _options()
    logging.basicConfig(level=logging.WARNING, format="%(name)s %(levelname)s %(message)s")
    # Faults cut answers on purpose; warnings about them would hide real ones.
    logging.getLogger("waitress").setLevel(logging.ERROR)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    world = World("", limits_enforced=options.limits, record=options.record)
    wanted_smtp = options.smtp_port
    if wanted_smtp is None:
        wanted_smtp = options.port + 1 if options.port else 0
    try:
        server = create_server(
            create_app(world), host=options.host, port=options.port, threads=THREADS
        )
        smtp_port = MailSink(world, options.host, wanted_smtp).start()
    except OSError as error:
        sys.exit(f"sandbox cannot listen: {error}")
    address = f"http://{options.host}:{server.effective_port}"
    world.base_url = (options.public_url or address).rstrip("/")
    world.smtp_address = f"{options.host}:{smtp_port}"
    seed.plant(world, options.seed)
    print(f"sandbox ready {address} smtp {world.smtp_address}", flush=True)
    server.run()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="A local stand-in for SmartRecruiters and a mail sink.",
    )
    parser.add_argument("--port", type=int, required=True, help="0 chooses a free port")
    parser.add_argument("--smtp-port", type=int, help="default: the port after --port")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--public-url", help="what links and actions say, if not http://HOST:PORT")
    parser.add_argument("--seed", choices=seed.SEEDS, default="demo")
    parser.add_argument("--record", type=Path, help="a file for all requests and answers")
    parser.add_argument("--limits", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args()


def _stop(_number: int, _frame: object) -> None:
    sys.stdout.flush()
    os._exit(0)  # there is nothing to save, and running deliveries must not delay the exit


if __name__ == "__main__":
    main()
