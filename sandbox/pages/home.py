"""The home page: the list of companies and links to everything else."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..gate import world
from ..state import Company
from .views import page

blueprint = Blueprint("page_home", __name__)


@blueprint.get("/")
def home() -> str:
    """Show the companies."""
    with world().lock:
        return render_template("home.html", companies=list(world().companies.values()))


@blueprint.get("/app")
def switch() -> Response:
    """Go to the company chosen in the header."""
    company_id = request.args.get("company", "")
    if company_id not in world().companies:
        return redirect(url_for("page_home.home"))
    return redirect(url_for("page_jobs.list_jobs", company_id=company_id))


@page(blueprint, "/settings")
def settings(company: Company) -> str:
    """Show Settings / Admin."""
    return render_template("settings.html", company=company)
