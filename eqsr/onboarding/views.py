"""Pages of onboarding."""

from flask import Blueprint

blueprint = Blueprint("onboarding", __name__)
