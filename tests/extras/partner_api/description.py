"""The partner API's description."""

import json
from pathlib import Path

from eqsr.extras.partner_api import views

DESCRIPTION = json.loads(Path(views.DESCRIPTION).read_text())
