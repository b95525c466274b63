"""Customers' admins at our pages: they erase, cancel, correct, invite, disconnect and reconnect."""

import re
from typing import TYPE_CHECKING

from sandbox.scopes import SCOPES
from simulation.books import Books
from simulation.customers import Customer
from simulation.network import Answer, NoAnswer
from simulation.people.browser import Browser
from simulation.people.sentences import sentence
from simulation.plan import Step
from simulation.product import facts, setup

if TYPE_CHECKING:
    from simulation.world import Run

AGAIN, TRIES = 60.0, 30
# Later than this many seconds after a login, the product asks for the password again.
ASKED_AGAIN = 300.0


class Admins:
    """Carries out what admins do; each tries again for a while when the site is away."""

    def __init__(self, run: "Run", books: Books) -> None:
        self._run, self._books = run, books
        self._browsers: dict[int, tuple[float, Browser]] = {}

    def act(self, step: Step) -> bool:
        """Carry out one act, inside a task; False if this is not an act of theirs."""
        act = getattr(self, "_" + step.act.replace(" ", "_"), None)
        if act is None:
            return False
        customer = self._run.customers[step.customer]
        for _ in range(TRIES):
            try:
                answer: Answer | None = act(step, customer)
                status = answer.status if answer is not None else 0
                if status < 500:
                    self._note(step, customer, status)
                    return True
            except NoAnswer:
                pass
            self._run.scheduler.sleep(AGAIN)
        return True

    def _note(self, step: Step, customer: Customer, status: int) -> None:
        book = self._books.people.get(step.person)
        what = sentence(step, book.name if book else customer.name)
        candidate = {"candidate": book.candidate_id} if book else {}
        said = f"{what}: {status or 'nothing to do'}"
        self._run.log.add("admin", said, company=customer.company, **candidate)

    def _browser(self, customer: Customer) -> Browser:
        at, found = self._browsers.get(customer.number, (0.0, None))
        if found is None or self._run.clock.elapsed - at > ASKED_AGAIN:
            found = Browser(self._run.network, f"admin {customer.number}")
            if not found.log_in(customer.admin, setup.PASSWORD):
                raise NoAnswer("the login failed")
            self._browsers[customer.number] = self._run.clock.elapsed, found
        return found

    def _ids(self, step: Step, customer: Customer) -> tuple[str, str]:
        """(application, latest invitation) of a person, '' for what is not there."""
        book = self._books.people[step.person]
        with self._run.context():
            ats_job = customer.ats_jobs[step.job]
            return facts.ids_of(customer.connection_id, book.candidate_id, ats_job)

    def _erase(self, step: Step, customer: Customer) -> Answer | None:
        application, _ = self._ids(step, customer)
        if not application:
            return None
        url = f"/applications/{application}/erase"
        answer = self._browser(customer).post(url, page="/help", sure="1")
        if answer.status in (302, 303):
            self._books.people[step.person].erased_at = self._run.clock.elapsed
        return answer

    def _cancel(self, step: Step, customer: Customer) -> Answer | None:
        answer = self._post(step, customer, "cancel", sure="1")
        if answer is not None and answer.status in (302, 303):
            self._books.people[step.person].cancelled_at = self._run.clock.elapsed
        return answer

    def _resend(self, step: Step, customer: Customer) -> Answer | None:
        self._books.people[step.person].by_hand.append(self._run.clock.elapsed)
        return self._post(step, customer, "resend")

    def _extend(self, step: Step, customer: Customer) -> Answer | None:
        return self._post(step, customer, "extend", until="2026-05-01")

    def _new_link(self, step: Step, customer: Customer) -> Answer | None:
        self._books.people[step.person].by_hand.append(self._run.clock.elapsed)
        return self._post(step, customer, "link")

    def _correct(self, step: Step, customer: Customer) -> Answer | None:
        book = self._books.people[step.person]
        book.by_hand.append(self._run.clock.elapsed)
        answer = self._post(step, customer, "address", email=step.text)
        if answer is not None and answer.status in (302, 303):
            book.new_address(self._run.clock.elapsed, step.text)
        return answer

    def _post(self, step: Step, customer: Customer, what: str, **form: str) -> Answer | None:
        _, invitation = self._ids(step, customer)
        if not invitation:
            return None
        return self._browser(customer).post(
            f"/invitations/{invitation}/{what}", page="/help", **form
        )

    def _invite(self, step: Step, customer: Customer) -> Answer | None:
        application, _ = self._ids(step, customer)
        if not application:
            return None
        book = self._books.people[step.person]
        book.by_hand.append(self._run.clock.elapsed)
        url = f"/jobs/{customer.jobs[step.job]}/invite/{application}"
        page = self._browser(customer).get(url).text
        attempt = re.search(r'name="attempt"[^>]*value="(\d+)"', page)
        form = {"attempt": attempt[1]} if attempt else {}
        return self._browser(customer).post(url, page="/help", **form)

    def _invite_anyway(self, step: Step, customer: Customer) -> Answer | None:
        """Send what is held; which of the two profiles waits depends on who was read first."""
        book = self._books.people[step.person]
        with self._run.context():
            held = facts.held(customer.connection_id, book.ids)
        if not held:
            return None
        book.anyway.append(self._run.clock.elapsed)
        url = f"/jobs/{customer.jobs[step.job]}/held/{held[0]}"
        return self._browser(customer).post(url, page="/help")

    def _close_job(self, step: Step, customer: Customer) -> Answer | None:
        self._books.disturbed(customer.number, self._run.clock.elapsed)
        self._books.stopped[customer.number, step.job].append((self._run.clock.elapsed, "closed"))
        url = f"/jobs/{customer.jobs[step.job]}/close"
        return self._browser(customer).post(url, page="/help", sure="1")

    def _reopen_job(self, step: Step, customer: Customer) -> Answer | None:
        url = f"/jobs/{customer.jobs[step.job]}/reopen"
        return self._browser(customer).post(url, page="/help")

    def _try_again(self, step: Step, customer: Customer) -> Answer | None:
        """Everything that was given up."""
        return self._browser(customer).post("/connection/work", page="/help")

    def _disconnect(self, step: Step, customer: Customer) -> Answer | None:
        self._books.at_fault(customer.number, self._run.clock.elapsed)
        answer = self._browser(customer).post("/connection/disconnect", page="/help", sure="1")
        if answer.status in (302, 303):
            cut = (self._run.clock.elapsed, "disconnected")
            self._books.cut_off[customer.number].append(cut)
        return answer

    def _reconnect(self, step: Step, customer: Customer) -> Answer | None:
        """Make a new credential in SmartRecruiters and enter it."""
        company = self._run.smartrecruiters.company(customer.company)
        credential = self._run.smartrecruiters.world.add_credential(
            company, "oauth", "eqsr again", frozenset(SCOPES)
        )
        self._run.installation.watch.secrets[credential.secret] = "a client secret"
        cut = (self._run.clock.elapsed, "connected")
        answer = self._browser(customer).post(
            "/connection/reconnect",
            page="/connection/reconnect",
            client_id=credential.client_id,
            client_secret=credential.secret,
        )
        if answer.status in (302, 303):
            self._books.cut_off[customer.number].append(cut)
        return answer
