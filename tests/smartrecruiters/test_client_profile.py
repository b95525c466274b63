"""What the calls that write on a profile send: notes, tags, properties and files."""

from datetime import UTC, datetime

import pytest

from eqsr.smartrecruiters.errors.refusals import RequestRefused
from eqsr.smartrecruiters.messages import candidate_mention, without_mentions
from eqsr.smartrecruiters.profile import file_name
from eqsr.smartrecruiters.types.profile import CandidateProperty, Note
from tests.smartrecruiters.known import CANDIDATE, HOOK, JOB, ON_JOB, SUBSCRIPTION, error_body


def test_a_note_is_open_and_mails_nobody(server, client):
    reply = server.reply(201, {"id": "note-1", "shareRequired": False})
    server.on("POST", "/messages/shares", reply)
    text = f"Result for {candidate_mention(CANDIDATE)}: 82"
    assert client.add_note(text, CANDIDATE) == "note-1"
    client.add_note("Result: 82", CANDIDATE)
    given, without = (seen.json for seen in server.calls("/messages/shares"))
    assert given == {
        "content": f"Result for #[CANDIDATE:{CANDIDATE}]: 82",
        "shareWith": {"users": [], "hiringTeamOf": [], "everyone": False, "openNote": True},
    }
    assert without["content"] == f"#[CANDIDATE:{CANDIDATE}] Result: 82"


def test_a_name_can_not_mention_anybody():
    assert without_mentions("Ada @[USER:1] #[CANDIDATE:2]") == "Ada @ [USER:1] # [CANDIDATE:2]"


@pytest.mark.parametrize("status", [204, 404])
def test_deleting_what_is_gone_is_done(server, client, status):
    server.on("DELETE", "/messages/shares/note-1", server.reply(status))
    server.on("DELETE", "/candidates/attachments/file-1", server.reply(status))
    server.on("DELETE", HOOK, server.reply(status))
    client.delete_note("note-1")
    client.delete_attachment("file-1")
    client.delete_subscription(SUBSCRIPTION)
    assert [seen.method for seen in server.seen[1:]] == ["DELETE"] * 3


def test_the_notes_of_a_candidate(server, client):
    first = {"content": "one", "createdOn": "2026-05-01T08:00:00Z", "visibility": "OPEN"}
    server.on(
        "GET",
        "/messages",
        server.reply(200, {"content": [{**first, "authorId": "u1"}], "nextPageId": "p2"}),
        server.reply(200, {"content": [{}]}),
    )
    created = datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert list(client.notes(CANDIDATE)) == [
        Note("one", created, "OPEN", "u1"),
        Note("", None, None, None),
    ]
    assert [seen.query for seen in server.calls("/messages")] == [
        {"candidateId": [CANDIDATE], "limit": ["100"]},
        {"candidateId": [CANDIDATE], "limit": ["100"], "pageId": ["p2"]},
    ]


def test_the_notes_as_documented_a_plain_array_with_the_next_page_in_link(server, client):
    link = f'</messages?candidateId={CANDIDATE}&pageId=p2>; rel="next"'
    server.on(
        "GET",
        "/messages",
        server.reply(200, [{"content": "one"}], Link=link),
        server.reply(200, [{"content": "two", "id": "note-2"}]),
    )
    found = [(note.content, note.ats_id) for note in client.notes(CANDIDATE)]
    assert found == [("one", None), ("two", "note-2")]
    assert server.calls("/messages")[1].query["pageId"] == ["p2"]


def test_a_note_whose_id_is_not_told_was_written(server, client):
    server.on("POST", "/messages/shares", server.reply(201, {"shareRequired": False}))
    assert client.add_note("Result: 82", CANDIDATE) is None


@pytest.mark.parametrize("status", [201, 202, 204])
def test_a_note_that_was_taken_without_a_word_was_written(server, client, status):
    server.on("POST", "/messages/shares", server.reply(status))
    assert client.add_note("Result: 82", CANDIDATE) is None
    client.send_refused_note()


def test_tags_are_added_or_replaced(server, client):
    path = f"/candidates/{CANDIDATE}/tags"
    server.on("POST", path, server.reply(200, {"tags": ["a", "b"]}))
    server.on("PUT", path, server.reply(204))
    client.add_tags(CANDIDATE, ["a", "b", "a"])
    client.replace_tags(CANDIDATE, [])
    assert [(seen.method, seen.json) for seen in server.calls(path)] == [
        ("POST", {"tags": ["a", "b"]}),
        ("PUT", {"tags": []}),
    ]


def test_property_definitions(server, client):
    content = [{"id": "score", "label": "Score", "type": "NUMBER"}, {"id": 12, "type": "TEXT"}]
    path = "/configuration/candidate-properties"
    server.on("GET", path, server.reply(200, {"totalFound": 2, "content": content}))
    assert client.candidate_properties() == (
        CandidateProperty("score", "Score", "NUMBER"),
        CandidateProperty("12", "12", "TEXT"),
    )


def test_properties_are_set_and_emptied(server, client):
    path = f"{ON_JOB}/properties"
    server.on("PUT", path, server.reply(204))
    client.set_properties(CANDIDATE, JOB, {"score": 82, "link": "x", "passed": False, "old": None})
    assert server.calls(path)[0].json == [
        {"id": "score", "value": 82},
        {"id": "link", "value": "x"},
        {"id": "passed", "value": False},
        {"id": "old"},
    ]


def test_no_property_is_no_call_and_many_are_several(server, client):
    path = f"{ON_JOB}/properties"
    server.on("PUT", path, server.reply(204))
    client.set_properties(CANDIDATE, JOB, {})
    assert not server.calls(path)
    client.set_properties(CANDIDATE, JOB, {f"p{number}": number for number in range(101)})
    assert [len(seen.json) for seen in server.calls(path)] == [100, 1]


def test_a_value_without_a_json_form_is_a_mistake_of_the_caller(client, server):
    with pytest.raises(ValueError, match="JSON"):
        client.set_properties(CANDIDATE, JOB, {"score": float("nan")})


def test_a_file_is_attached(server, client):
    path = f"{ON_JOB}/attachments"
    server.on("POST", path, server.reply(201, {"id": "file-1", "name": "r.pdf"}))
    name = 'Zoë "report"/2026\r\nX: y.pdf'
    assert client.attach(CANDIDATE, JOB, name, b"%PDF-1.7\x00\xff", "application/pdf") == "file-1"
    sent = server.calls(path)[0]
    assert sent.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="attachmentType"\r\n\r\nGENERIC_FILE\r\n' in sent.body
    assert 'name="file"; filename="Zoë _report_2026_X_ y.pdf"\r\n'.encode() in sent.body
    assert b"Content-Type: application/pdf\r\n\r\n%PDF-1.7\x00\xff\r\n" in sent.body


def test_the_files_of_an_application_are_listed(server, client):
    listed = [{"id": "file-1", "name": "r.pdf", "type": "GENERIC_FILE"}, {"id": "file-2"}]
    body = {"totalFound": 2, "content": listed}
    server.on("GET", f"{ON_JOB}/attachments", server.reply(200, body))
    found = [(one.ats_id, one.name) for one in client.attachments(CANDIDATE, JOB)]
    assert found == [("file-1", "r.pdf"), ("file-2", "")]


def test_a_file_survives_the_retry_after_401(server, client):
    path = f"{ON_JOB}/attachments"
    server.on("POST", path, server.reply(401), server.reply(201, {"id": "file-1"}))
    client.attach(CANDIDATE, JOB, "r.pdf", b"%PDF", "application/pdf")
    assert [b"%PDF" in seen.body for seen in server.calls(path)] == [True, True]


@pytest.mark.parametrize("name", ["", "..", "///", "\x00"])
def test_a_file_always_has_a_name(name):
    assert file_name(name).strip("._ ") or file_name(name) == "_"


def test_a_duplicate_file_is_refused_with_its_code(server, client):
    body = error_body("FILE_ALREADY_EXIST")
    server.on("POST", f"{ON_JOB}/attachments", server.reply(400, body))
    with pytest.raises(RequestRefused) as caught:
        client.attach(CANDIDATE, JOB, "r.pdf", b"%PDF", "application/pdf")
    assert caught.value.codes == ("FILE_ALREADY_EXIST",)
    assert "already has this file" in caught.value.sentence
