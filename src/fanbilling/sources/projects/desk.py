"""Where projects are started, hours and expenses booked, rates set, estimates made, and looked back on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

import attrs

from ...domain.administrations import Seller
from ...domain.papers import Paper
from ...domain.parties import Party
from ...domain.periods import a_day
from ...domain.ports.sourcing import Between
from ...domain.ports.storage import Shelf, Store, ours
from . import agreeing, booking, offering, papers, pricing
from .entries import Expense, TimeEntry
from .estimates import Estimate
from .looking import in_progress
from .rates import RateRule
from .reading import every
from .records import Instalment, Project
from .wip import WorkInProgress


@attrs.frozen
class ProjectsDesk:
    """Starts projects, books hours and expenses, sets rates, makes estimates; the next run corrects what was billed.

    ``on`` is the day on which something was agreed, done or heard of. Saying the same again changes nothing.

    Args:
        administration: whose books it works in; an office fills it in, and then the desk refuses others.
    """

    administration: str = ""

    # --------------------------------------------------------------------------------------------------------- projects

    def start(self, store: Shelf, project: Project, *, on: date) -> None:
        """Start a project, with the instalments of its fixed price if it has them.

        Raises:
            NotFound: when the client is not registered.
            Conflict: when another project, or this one before it was changed, has this id.
        """
        agreeing.start(ours(store, self.administration), project, on=a_day(on, where="on"))

    def close(self, store: Shelf, id: str, *, on: date) -> None:
        """Close a project: nothing is booked that was done after this day; what was done before is still billed."""
        agreeing.close(ours(store, self.administration), id, on=a_day(on, where="on"))

    def reopen(self, store: Shelf, id: str, *, on: date) -> None:
        """Open a closed project again."""
        agreeing.reopen(ours(store, self.administration), id, on=a_day(on, where="on"))

    def release(self, store: Shelf, id: str, instalment: str, *, on: date) -> None:
        """Say that a milestone was reached, so that its instalment is billed.

        Raises:
            NotFound: when there is no such project or instalment.
            RuleViolation: when the instalment waits for no milestone.
        """
        agreeing.release(ours(store, self.administration), id, instalment, on=a_day(on, where="on"))

    def withdraw_release(self, store: Shelf, id: str, instalment: str, *, on: date) -> None:
        """Say that a milestone was not reached after all; an instalment that was billed stays until it is credited.

        Raises:
            NotFound: when there is no such project or instalment.
        """
        agreeing.withdraw(ours(store, self.administration), id, instalment, on=a_day(on, where="on"))

    def add_extra(self, store: Shelf, id: str, extra: Instalment, *, on: date) -> None:
        """Agree on extra work, for an amount on top of a fixed price.

        Raises:
            InvalidValue: when it is not marked as extra, or the project has no fixed price.
            Conflict: when another instalment has this id.
        """
        agreeing.add_extra(ours(store, self.administration), id, extra, on=a_day(on, where="on"))

    def state_progress(self, store: Shelf, id: str, percent: Decimal, *, day: date, on: date) -> None:
        """State how far the work was at the end of a day; a fixed price without instalments is billed by that.

        Less than was stated before gives back what was billed too much, from the newest statement on.

        Raises:
            InvalidValue: for less than 0 or more than 100 percent, or when the price is billed by instalments.
        """
        agreeing.state_progress(ours(store, self.administration), id, percent, day=day, on=a_day(on, where="on"))

    # ----------------------------------------------------------------------------------------------- hours and expenses

    def book(self, store: Shelf, entry: TimeEntry, *, on: date | None = None) -> None:
        """Book hours, known on a day: absent means the day on which they were worked. They wait for approval.

        Raises:
            NotFound: when there is no such project.
            RuleViolation: outside the days of the project, or beyond 24 hours of somebody on one day.
            Conflict: when another entry has this id.
        """
        booking.book(ours(store, self.administration), entry, on=a_day(on or entry.on, where="on"))

    def approve(self, store: Shelf, ids: Iterable[str], *, on: date) -> None:
        """Approve hours, all of them or none: from now on they are billed.

        Raises:
            NotFound: when one of them is not there.
            RuleViolation: when one of them was rejected.
        """
        booking.approve(ours(store, self.administration), TimeEntry, ids, on=a_day(on, where="on"))

    def correct(
        self, store: Shelf, id: str, *, hours: Decimal, billable: Decimal | None = None, reason: str, on: date
    ) -> None:
        """Correct hours; what was billed of them is corrected by the next run. Rejected ones wait for approval again.

        Args:
            billable: how many of them are billed; absent means all.

        Raises:
            NotFound: when there are no such hours.
            InvalidValue: when no reason is given, or for no hours at all: reject them.
        """
        billed = hours if billable is None else billable
        booking.correct(
            ours(store, self.administration), TimeEntry, id, hours, billed, reason=reason, on=a_day(on, where="on")
        )

    def reject(self, store: Shelf, id: str, *, reason: str, on: date) -> None:
        """Reject hours; what was billed of them is given back by the next run.

        Raises:
            NotFound: when there are no such hours.
            InvalidValue: when no reason is given.
        """
        booking.reject(ours(store, self.administration), TimeEntry, id, reason=reason, on=a_day(on, where="on"))

    def spend(self, store: Shelf, expense: Expense, *, on: date | None = None) -> None:
        """Book an expense that is passed on to the client; it waits for approval.

        Raises:
            NotFound: when there is no such project.
            RuleViolation: outside the days of the project.
            Conflict: when another expense has this id.
        """
        booking.book(ours(store, self.administration), expense, on=a_day(on or expense.on, where="on"))

    def approve_expenses(self, store: Shelf, ids: Iterable[str], *, on: date) -> None:
        """Approve expenses, all of them or none.

        Raises:
            NotFound: when one of them is not there.
            RuleViolation: when one of them was rejected.
        """
        booking.approve(ours(store, self.administration), Expense, ids, on=a_day(on, where="on"))

    def correct_expense(self, store: Shelf, id: str, *, cost: Decimal, markup: Decimal, reason: str, on: date) -> None:
        """Correct an expense; what was billed of it is corrected by the next run.

        Raises:
            NotFound: when there is no such expense.
            InvalidValue: when no reason is given.
        """
        booking.correct(
            ours(store, self.administration), Expense, id, cost, markup, reason=reason, on=a_day(on, where="on")
        )

    def reject_expense(self, store: Shelf, id: str, *, reason: str, on: date) -> None:
        """Reject an expense; what was billed of it is given back by the next run.

        Raises:
            NotFound: when there is no such expense.
            InvalidValue: when no reason is given.
        """
        booking.reject(ours(store, self.administration), Expense, id, reason=reason, on=a_day(on, where="on"))

    # ------------------------------------------------------------------------------------------------------------ rates

    def set_rate(self, store: Shelf, rule: RateRule, *, on: date) -> None:
        """Agree on what an hour costs; hours that were billed at another rate are corrected by the next run.

        Raises:
            Conflict: when another rule has this id, or one of the same day says the same from the same day on.
        """
        pricing.set_rate(ours(store, self.administration), rule, on=a_day(on, where="on"))

    def withdraw_rate(self, store: Shelf, id: str, *, on: date) -> None:
        """Take a rule back, as if it had not been agreed; hours without any rate stay as they were billed.

        Raises:
            NotFound: when there is no such rule.
        """
        pricing.withdraw_rate(ours(store, self.administration), id, on=a_day(on, where="on"))

    # -------------------------------------------------------------------------------------------------------- estimates

    def estimate(self, store: Shelf, estimate: Estimate, *, on: date) -> None:
        """Make an estimate.

        Raises:
            NotFound: when the client is not registered.
            Conflict: when another estimate has this id.
        """
        offering.estimate(ours(store, self.administration), estimate, on=a_day(on, where="on"))

    def send_estimate(self, store: Shelf, id: str, *, on: date) -> None:
        """Say that an estimate was sent.

        Raises:
            NotFound: when there is no such estimate.
            RuleViolation: when it was decided on.
        """
        offering.send(ours(store, self.administration), id, on=a_day(on, where="on"))

    def accept_estimate(self, store: Shelf, id: str, *, project: str, on: date) -> None:
        """Let an estimate become a project, once, with its price, instalments, budget and rates.

        Raises:
            RuleViolation: when it was not sent, was decided on, or is no longer valid.
            Conflict: when it became another project, or another project has this id.
        """
        offering.accept(ours(store, self.administration), id, project=project, on=a_day(on, where="on"))

    def reject_estimate(self, store: Shelf, id: str, *, reason: str, on: date) -> None:
        """Say that an estimate is not accepted.

        Raises:
            InvalidValue: when no reason is given.
            RuleViolation: when it was decided on.
        """
        offering.reject(ours(store, self.administration), id, reason=reason, on=a_day(on, where="on"))

    def expire_estimates(self, store: Shelf, *, on: date) -> tuple[str, ...]:
        """Let all estimates expire that were sent and are no longer valid on a day; return their ids."""
        return offering.expire(ours(store, self.administration), on=a_day(on, where="on"))

    # ----------------------------------------------------------------------------------------------------- looking back

    def work_in_progress(
        self, store: Store, *, first: date, last: date, country: str = "NL"
    ) -> Iterator[WorkInProgress]:
        """Yield per project how work in progress went from the first day up to and including the last (law L6).

        Args:
            country: of the seller, which decides how work is taxed.
        """
        return in_progress(ours(store, self.administration), first=first, last=last, country=country)

    def wip_paper(
        self, store: Store, *, seller: Seller, first: date, last: date, currency: str = "EUR", language: str = "nl"
    ) -> Paper:
        """Return the work in progress of some days as it is printed, of all projects in one currency."""
        country = seller.address.country
        found = list(in_progress(ours(store, self.administration), first=first, last=last, country=country))
        return papers.wip_paper(found, seller, on=last, currency=currency, language=language, first=first, last=last)

    def hours_report(
        self, store: Shelf, id: str, *, seller: Seller, first: date, last: date, on: date, language: str = "nl"
    ) -> Paper:
        """Return the report of the approved hours of a project, per employee and day, to sign for its funder.

        Raises:
            NotFound: when there is no such project.
        """
        project = ours(store, self.administration).get(Project, id)
        entries = every(store, TimeEntry, {"project": id, "on": Between(first, last)})
        addressee = store.get(Party, project.funder or project.client)
        return papers.hours_report(
            project, entries, seller, addressee, first=first, last=last, on=on, language=language
        )

    def estimate_paper(self, store: Shelf, id: str, *, seller: Seller, on: date, language: str = "nl") -> Paper:
        """Return an estimate as it is printed, with the VAT and every amount explained.

        Raises:
            NotFound: when there is no such estimate.
        """
        made = ours(store, self.administration).get(Estimate, id)
        return papers.estimate_paper(made, store.get(Party, made.client), seller, on=on, language=language)
