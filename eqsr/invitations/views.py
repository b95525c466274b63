"""Pages of invitations."""

from flask import Blueprint

blueprint = Blueprint("invitations", __name__)
