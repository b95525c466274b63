"""Settings / Admin → Apps & Integrations → Credentials: the Credential Manager."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..errors import ApiError
from ..gate import world
from ..scopes import ROLES, SCOPES
from ..state import Company
from .views import page

blueprint = Blueprint("page_credentials", __name__)

BASE = "/settings/apps/credentials"
KINDS = {"api_key": "API Key", "oauth": "OAuth Client ID"}


@page(blueprint, BASE)
def list_credentials(company: Company) -> str:
    """List the company's credentials without their secrets."""
    found = list(company.credentials.values())
    return render_template("credentials.html", company=company, credentials=found, kinds=KINDS)


@page(blueprint, f"{BASE}/new")
def choose_kind(company: Company) -> str:
    """Ask for the kind of credential."""
    return render_template("credential_kind.html", company=company, kinds=KINDS)


@page(blueprint, f"{BASE}/new/details", ["GET", "POST"])
def describe(company: Company) -> str | Response:
    """Ask for name, role and scopes, then create the credential."""
    kind = request.values.get("kind", "")
    if kind not in KINDS:
        return redirect(url_for(".choose_kind", company_id=company.id))
    if request.method == "GET":
        return _form(company, kind)
    name, role = request.form.get("name", "").strip(), request.form.get("role", "")
    scopes = frozenset(request.form.getlist("scopes")) & set(SCOPES)
    if not name or role not in ROLES:
        return _form(company, kind, "Give the credential a name and a system role.")
    if kind == "oauth" and not scopes:
        return _form(company, kind, "Choose at least one scope.")
    if kind == "api_key":  # an API key has full access (SmartRecruiters docs: API key)
        scopes = frozenset(SCOPES)
    description = request.form.get("description", "").strip()
    credential = world().add_credential(company, kind, name, scopes, description, role)
    ticket = secrets.token_urlsafe(16)
    world().reveals[ticket] = credential
    return redirect(url_for(".reveal", company_id=company.id, ticket=ticket))


def _form(company: Company, kind: str, mistake: str = "") -> str:
    return render_template(
        "credential_form.html",
        company=company,
        kind=kind,
        kind_name=KINDS[kind],
        roles=ROLES,
        scopes=SCOPES,
        mistake=mistake,
        form=request.form,
    )


@page(blueprint, f"{BASE}/generated/<ticket>")
def reveal(company: Company, ticket: str) -> str | Response:
    """Show the client ID and secret once."""
    credential = world().reveals.pop(ticket, None)
    if credential is None or credential.company_id != company.id:
        flash("A secret is shown once only. Create a new credential if you did not copy it.")
        return redirect(url_for(".list_credentials", company_id=company.id))
    return render_template("credential_generated.html", company=company, credential=credential)


@page(blueprint, f"{BASE}/<credential_id>/revoke", ["POST"])
def revoke(company: Company, credential_id: str) -> Response:
    """Revoke a credential."""
    credential = company.credentials.get(credential_id)
    if credential is None:
        raise ApiError(404, "CREDENTIAL_NOT_FOUND", "There is no such credential.")
    world().revoke_credential(credential)
    flash(f"{credential.name} is revoked.")
    return redirect(url_for(".list_credentials", company_id=company.id))
