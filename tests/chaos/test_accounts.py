"""The reckoning finds what must not be: a campaign that can't fail would prove nothing."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from tools.chaos import accounts
from tools.chaos.accounts import Account
from tools.chaos.books import Books, Case
from tools.chaos.customers import Customer
from tools.chaos.plan import INTERVIEW, WANTED
from tools.chaos.takers import Finished

CUSTOMER = Customer(0, "Company0", ["a", "b", "c"], ["Vacancy 0-0", "Vacancy 0-1"], None, None)
KEY = ("ada@people.example", "Vacancy 0-0")
PLACE = ("Company0", "ada")
AT = datetime(2026, 5, 1, 9, tzinfo=UTC)
NOTE = "#[CANDIDATE:ada] Work style for Vacancy 0-0: completed on 1 May.\nView details: http://x"


@pytest.fixture(autouse=True)
def no_activity(monkeypatch):
    monkeypatch.setattr(accounts, "_lines", lambda case: [])


def case(**changes) -> Case:
    facts = {
        "customer": CUSTOMER,
        "candidate_id": "ada",
        "title": "Vacancy 0-0",
        "address": "ada@people.example",
        "alive": True,
        "stage": WANTED,
        "entered": [AT],
        "was_there_before": False,
    }
    return Case(**(facts | changes))


def books(*cases: Case, mails=(), notes=(), tags=()) -> Books:
    found = Books(cases=list(cases))
    for key, message_id in mails:
        found.mails[key].append(message_id)
    found.notes[PLACE] = list(notes)
    found.tags[PLACE] = list(tags)
    return found


def invitations(found: Books, excuses: int = 0) -> list[str]:
    account = Account(found)
    accounts._invitations(account, excuses)
    return account.offences


def results(found: Books, *finished: Finished) -> list[str]:
    account = Account(found)
    accounts._results(account, set(finished))
    return account.offences


def test_invited_once_is_right_and_not_at_all_or_twice_is_wrong():
    assert invitations(books(case(), mails=[(KEY, "<1>")])) == []
    assert "should have been invited" in invitations(books(case()))[0]
    assert "2 times" in invitations(books(case(), mails=[(KEY, "<1>"), (KEY, "<2>")]))[0]


def test_the_same_mail_again_needs_an_excuse():
    again = books(case(), mails=[(KEY, "<1>"), (KEY, "<1>")])
    assert invitations(again, excuses=1) == []
    assert "1 repeated mails" in invitations(again)[0]


@pytest.mark.parametrize(
    "person",
    [
        case(entered=[], stage=INTERVIEW),
        case(entered=[], was_there_before=True),
        case(address="nobody"),
    ],
)
def test_who_must_not_be_mailed(person):
    assert invitations(books(person)) == []
    mailed = books(person, mails=[((person.address, person.title), "<1>")])
    assert "should not have been" in invitations(mailed)[0]


@pytest.mark.parametrize("person", [case(stage=INTERVIEW), case(alive=False)])
def test_who_passed_through_may_be_mailed_or_not(person):
    assert invitations(books(person)) == []
    assert invitations(books(person, mails=[(KEY, "<1>")])) == []


FORMER = ("ada@before.example", KEY[1])


def test_who_was_invited_under_a_merged_profile_need_not_be_invited_again():
    person, before = case(former=FORMER[0]), case(address=FORMER[0], alive=False)
    assert invitations(books(person, before, mails=[(FORMER, "<1>")])) == []
    assert invitations(books(person, before, mails=[(KEY, "<1>")])) == []
    assert "should have been invited" in invitations(books(person, before))[0]


def test_what_was_finished_under_a_merged_profile_shows_on_the_one_that_is_left():
    person, finished = case(former=FORMER[0]), Finished(*FORMER)
    tags = [accounts.INVITED_TAG, accounts.COMPLETED_TAG]
    mails = [(FORMER, "<1>")]
    assert results(books(person, mails=mails, notes=[NOTE], tags=tags), finished) == []
    assert "has 0 notes" in results(books(person, mails=mails, tags=tags), finished)[0]


def test_a_finished_assessment_shows_once():
    tags = [accounts.INVITED_TAG, accounts.COMPLETED_TAG]
    finished = Finished(*KEY)

    def shown(notes, tags=tags):
        return results(books(case(), mails=[(KEY, "<1>")], notes=notes, tags=tags), finished)

    assert shown([NOTE]) == []
    assert "has 0 notes" in shown([])[0]
    assert "has 2 notes" in shown([NOTE, NOTE])[0]
    assert "View details" in shown([NOTE.split("\n")[0]])[0]
    assert "has tags" in shown([NOTE], tags[:1])[0]
    assert "has tags" in shown([NOTE], [*tags, tags[0]])[0]


def test_who_was_there_and_not_invited_needs_a_reason():
    account = Account(books(case(stage=INTERVIEW)))
    accounts._reasons(account)
    assert "does not say why" in account.offences[0]
    assert Counter(account.figures)["not invited, explained"] == 0


def test_having_been_invited_under_a_merged_profile_is_a_reason():
    person = case(former=FORMER[0])
    for mails, offences in (([(FORMER, "<1>")], 0), ([], 1)):
        account = Account(books(person, mails=mails))
        accounts._reasons(account)
        assert len(account.offences) == offences
