"""Pages of connections."""

from flask import Blueprint

blueprint = Blueprint("connections", __name__)
