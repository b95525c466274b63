"""The description is valid OpenAPI, and true."""

import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from eqsr.extras.partner_api import body, signing, views
from eqsr.invitations.models import InvitationState
from tests.extras.partner_api.description import DESCRIPTION
from tests.extras.partner_api.platform import SCALES, program

pytestmark = pytest.mark.one_database


def test_it_is_served_to_anybody_with_our_address(app, client):
    answer = client.get("/api/elsewhere/v1/openapi.json")
    assert answer.status_code == 200
    OpenAPIV31SpecValidator(answer.json).validate()
    assert answer.json["servers"] == [{"url": app.extensions["eqsr.settings"].public_url}]


def test_it_names_every_address_and_no_other(app):
    ours = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}
        if rule.endpoint.startswith("elsewhere.") and rule.endpoint != "elsewhere.openapi"
    }
    described = {
        (path, method) for path, methods in DESCRIPTION["paths"].items() for method in methods
    }
    assert ours == described
    for methods in DESCRIPTION["paths"].values():
        for method, facts in methods.items():
            assert f"elsewhere.{facts['operationId']}" in app.view_functions, method


def test_its_words_and_limits_are_those_of_the_code():
    schemas = DESCRIPTION["components"]["schemas"]
    assert schemas["State"]["enum"] == [state.value for state in InvitationState]
    states = {*schemas["Progress"]["properties"]["state"]["enum"], "completed"}
    assert states == set(body.EVENT_STATES)
    text = DESCRIPTION["info"]["description"] + str(DESCRIPTION["paths"])
    assert f"{signing.WINDOW_SECONDS} seconds" in text
    assert f"{views.LARGEST_BODY // 1024} KiB" in text
    parameters = {one["name"] for one in DESCRIPTION["components"]["parameters"].values()}
    assert {signing.TIMESTAMP_HEADER, signing.SIGNATURE_HEADER} <= parameters


def fits(answer, name: str) -> bool:
    schema = DESCRIPTION | {"$ref": f"#/components/schemas/{name}"}
    Draft202012Validator(schema).validate(answer.json)
    kind = "application/problem+json" if name == "Problem" else "application/json"
    return answer.mimetype == kind


def test_every_answer_has_the_shape_that_it_gives(story):
    other = program(story.world, story.job_id)
    story.moves(story.applies())
    story.work()
    (invitation,) = story.invitations()
    assert fits(other.get("/invitations"), "Page")
    assert fits(other.get(f"/invitations/{invitation.id}"), "Invitation")
    assert fits(other.tells(invitation.id, "completed", scales=SCALES), "Invitation")
    refused = [
        other.get("/invitations?state=asleep"),
        other.get("/invitations/nothing"),
        other.post(invitation.id, b"{"),
        other.post(invitation.id, b"{}"),
        other.tells(invitation.id, "cancelled"),
        other.send("PUT", "/invitations", b""),
    ]
    assert [one.status_code for one in refused] == [422, 404, 400, 422, 409, 405]
    assert all(fits(one, "Problem") for one in refused)
    assert all(one.json["status"] == one.status_code for one in refused)
