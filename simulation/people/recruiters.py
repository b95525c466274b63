"""What users of SmartRecruiters do there; each act is one step of that world."""

from typing import TYPE_CHECKING

from sandbox import hiring, jobs
from sandbox.errors import ApiError
from sandbox.scopes import SCOPES
from sandbox.state import Company
from simulation.books import Books
from simulation.customers import Customer
from simulation.people.sentences import sentence
from simulation.plan import Step

if TYPE_CHECKING:
    from simulation.world import Run

# Scopes without which SmartRecruiters still answers, but not what we need.
TAKEN = ("candidates_read", "candidates_write", "messages_write", "webhooks_write")


class Recruiters:
    """Carries out the acts in SmartRecruiters, and writes into the books what people did."""

    def __init__(self, run: "Run", books: Books) -> None:
        self._run, self._books = run, books
        self._world = run.smartrecruiters.world

    def act(self, step: Step) -> bool:
        """Carry out one act; False if this is not an act of theirs."""
        act = getattr(self, "_" + step.act.replace(" ", "_"), None)
        if act is None:
            return False
        customer = self._run.customers[step.customer]
        company = self._run.smartrecruiters.company(customer.company)
        try:
            act(step, customer, company)
        except ApiError as refusal:
            self._run.log.add("idle", f"{step.act} was not possible: {refusal.message}")
            return True
        self._run.log.add("act", self._sentence(step, customer), **self._facts(step, customer))
        return True

    def _sentence(self, step: Step, customer: Customer) -> str:
        who = self._books.people[step.person].name if step.person >= 0 else customer.name
        return sentence(step, who)

    def _facts(self, step: Step, customer: Customer) -> dict[str, str]:
        found = self._books.people.get(step.person)
        candidate = {"candidate": found.candidate_id} if found else {}
        return {"company": customer.company, **candidate}

    def _apply(self, step: Step, customer: Customer, company: Company) -> None:
        book = self._books.people[step.person]
        if book.candidate_id:
            candidate = hiring.candidate_of(company, book.candidate_id)
        else:
            quiet = step.person % 3 == 0
            candidate = hiring.create_candidate(
                self._world, company, book.name, "Simulated", book.address, quiet=quiet
            )
            book.candidate_id = candidate.id
        job = jobs.job_of(company, customer.ats_jobs[step.job])
        hiring.apply(self._world, company, candidate, job, *step.stage)

    def _move(self, step: Step, customer: Customer, company: Company) -> None:
        candidate = hiring.candidate_of(company, self._books.people[step.person].candidate_id)
        application = hiring.application_of(candidate, customer.ats_jobs[step.job])
        hiring.move(self._world, company, application, *step.stage)

    def _address(self, step: Step, customer: Customer, company: Company) -> None:
        book = self._books.people[step.person]
        candidate = hiring.candidate_of(company, book.candidate_id)
        book.new_address(self._run.clock.elapsed, step.text)
        hiring.update_candidate(self._world, company, candidate, {"email": step.text})

    def _delete(self, step: Step, customer: Customer, company: Company) -> None:
        book = self._books.people[step.person]
        hiring.delete_candidate(
            self._world, company, hiring.candidate_of(company, book.candidate_id)
        )
        book.deleted_at = self._run.clock.elapsed

    def _merge(self, step: Step, customer: Customer, company: Company) -> None:
        book = self._books.people[step.person]
        source = hiring.candidate_of(company, book.candidate_id)
        address = f"again.{step.person}@people.example"
        target = hiring.create_candidate(
            self._world, company, book.name, "Again", address, quiet=True
        )
        hiring.merge_candidates(self._world, company, source, target)
        book.merged_at = self._run.clock.elapsed
        book.merged_from, book.candidate_id = book.candidate_id, target.id
        book.new_address(self._run.clock.elapsed, address)

    def _second_profile(self, step: Step, customer: Customer, company: Company) -> None:
        """The person, or whoever shares the mailbox and is called ``text``, comes a second time."""
        book = self._books.people[step.person]
        name = step.text or book.name
        candidate = hiring.create_candidate(
            self._world, company, name, "Simulated", book.address, quiet=True
        )
        book.others[candidate.id] = name
        job = jobs.job_of(company, customer.ats_jobs[step.job])
        hiring.apply(self._world, company, candidate, job, *step.stage)

    def _merge_profiles(self, step: Step, customer: Customer, company: Company) -> None:
        """Merge the second profile into the first, or with the text "back" the other way."""
        book = self._books.people[step.person]
        profiles = [book.candidate_id, next(iter(book.others), "")]
        if step.text == "back":
            profiles.reverse()
        target, source = (hiring.candidate_of(company, one) for one in profiles)
        hiring.merge_candidates(self._world, company, source, target)
        book.merged_at = self._run.clock.elapsed
        book.candidate_id, book.merged_from = profiles

    def _transfer(self, step: Step, customer: Customer, company: Company) -> None:
        candidate = hiring.candidate_of(company, self._books.people[step.person].candidate_id)
        old, new = (jobs.job_of(company, customer.ats_jobs[n]) for n in (0, step.job))
        hiring.transfer(self._world, company, candidate, old, new)

    def _rename_stage(self, step: Step, customer: Customer, company: Company) -> None:
        self._stages(company, "Assessment", "Test")
        self._books.disturbed(customer.number, self._run.clock.elapsed)

    def _name_stage_back(self, step: Step, customer: Customer, company: Company) -> None:
        self._stages(company, "Test", "Assessment")

    def _stages(self, company: Company, old: str, new: str) -> None:
        for process in company.processes.values():
            process.sub_statuses = {
                status: [new if name == old else name for name in names]
                for status, names in process.sub_statuses.items()
            }

    def _close_ats_job(self, step: Step, customer: Customer, company: Company) -> None:
        job = jobs.job_of(company, customer.ats_jobs[step.job])
        jobs.update_job(self._world, company, job, {"status": "FILLED"})
        self._books.stopped[customer.number, step.job].append((self._run.clock.elapsed, "filled"))

    def _reopen_ats_job(self, step: Step, customer: Customer, company: Company) -> None:
        job = jobs.job_of(company, customer.ats_jobs[step.job])
        jobs.update_job(self._world, company, job, {"status": "SOURCING"})
        self._books.stopped[customer.number, step.job].append((self._run.clock.elapsed, "open"))

    def _rename_job(self, step: Step, customer: Customer, company: Company) -> None:
        job = jobs.job_of(company, customer.ats_jobs[step.job])
        jobs.update_job(self._world, company, job, {"title": f"Renamed {step.at:.0f}"})

    def _take_scopes(self, step: Step, customer: Customer, company: Company) -> None:
        gone = TAKEN[int(step.at) % len(TAKEN)]
        for credential in company.credentials.values():
            credential.scopes = credential.scopes - {gone}
        self._books.at_fault(customer.number, self._run.clock.elapsed)

    def _give_scopes(self, step: Step, customer: Customer, company: Company) -> None:
        for credential in company.credentials.values():
            credential.scopes = frozenset(SCOPES)

    def _expire_tokens(self, step: Step, customer: Customer, company: Company) -> None:
        own = {credential.client_id for credential in company.credentials.values()}
        tokens = self._world.tokens
        for token in [token for token, (client_id, _) in tokens.items() if client_id in own]:
            del tokens[token]

    def _rotate(self, step: Step, customer: Customer, company: Company) -> None:
        for credential in company.credentials.values():
            self._world.revoke_credential(credential)
        self._books.at_fault(customer.number, self._run.clock.elapsed)

    def _suspend(self, step: Step, customer: Customer, company: Company) -> None:
        for subscription in company.subscriptions.values():
            subscription.status, subscription.suspended = "inactive", True

    def _lose_subscription(self, step: Step, customer: Customer, company: Company) -> None:
        for subscription in list(company.subscriptions.values()):
            subscription.status, subscription.deleted = "inactive", True
            del company.subscriptions[subscription.id]
