"""The WSGI entry point: ``gunicorn app:app``."""

import sys

from eqsr import create_app
from eqsr.core.settings import SettingsProblem

try:
    app = create_app()
except SettingsProblem as problem:
    sys.exit(str(problem))
