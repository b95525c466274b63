"""The blueprint of the team's pages."""

from flask import Blueprint

blueprint = Blueprint("teams", __name__)
