"""The blueprint of the organisation's pages."""

from flask import Blueprint

blueprint = Blueprint("organisations", __name__)
