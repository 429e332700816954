"""Reconciling an opening: its totals beside those of the old system, and everything in it that cannot be right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator
from datetime import date

import attrs

from .exact import exactly
from .ledger import LedgerEntry, Posting
from .money import Money
from .numbering import series_of, written
from .opening import BilledBefore, Opening
from .payments import is_of_payment, item_of
from .periods import DAY
from .settings import DEFAULTS, Settings


@attrs.frozen(kw_only=True)
class OpeningProblem:
    """Why an opening is refused: where, what is wrong, and what would be right."""

    where: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        """Write it in one sentence."""
        return f"{self.where}: {self.problem} ({self.remedy})"


@attrs.frozen(kw_only=True)
class ControlTotal:
    """Per currency: what is open, what stands on account, and the balance of the receivable account they make up."""

    open_items: Money
    on_account: Money
    balance: Money

    @property
    def difference(self) -> Money:
        """What the balance is more than open items less money on account: zero when they agree."""
        return self.balance - (self.open_items - self.on_account)


@attrs.frozen(kw_only=True)
class ClientTotal:
    """Per payer and currency: what is open, and what stands on account."""

    payer: str
    open_items: Money
    on_account: Money

    @property
    def balance(self) -> Money:
        """What the payer owes; negative when we do."""
        return self.open_items - self.on_account


@attrs.frozen(kw_only=True)
class OpeningReport:
    """What was brought over, in totals to hold against those of the old system.

    Args:
        control: per currency, the open items beside the receivable account.
        clients: per payer and currency.
        trial_balance: the sum of all balances per currency: zero.
        billed: per row of what was billed, what we compute beside what the old system said.
        not_mentioned: agreements of before the end of the opening of which it says nothing and nothing was billed:
            the next run bills them from their start.
        problems: why it cannot be loaded; none when it was.
    """

    opening: str
    on: date
    control: tuple[ControlTotal, ...]
    clients: tuple[ClientTotal, ...]
    trial_balance: tuple[Money, ...]
    billed: tuple[BilledBefore, ...]
    not_mentioned: tuple[tuple[str, str], ...] = ()
    problems: tuple[OpeningProblem, ...] = ()

    @property
    def differences(self) -> tuple[BilledBefore, ...]:
        """The rows for which the old system billed another amount than we compute."""
        return tuple(row for row in self.billed if row.difference)


def control_totals(opening: Opening, account: str) -> tuple[ControlTotal, ...]:
    """Add up open items and money on account per currency, beside the balance of the receivable account."""
    totals = []
    for currency in _currencies(opening):
        balances = [b.amount for b in opening.balances if b.account == account and b.amount.currency == currency]
        totals.append(
            ControlTotal(
                open_items=Money.total((i.open for i in opening.open_items if i.open.currency == currency), currency),
                on_account=Money.total(
                    (p.amount for p in opening.on_account if p.amount.currency == currency), currency
                ),
                balance=Money.total(balances, currency),
            )
        )
    return tuple(totals)


def client_totals(opening: Opening) -> tuple[ClientTotal, ...]:
    """Add up open items and money on account per payer and currency."""
    totals: dict[tuple[str, str], tuple[Money, Money]] = {}
    for payer, open_, paid in (
        *((item.payer, item.open, Money.zero(item.open.currency)) for item in opening.open_items),
        *((one.payer, Money.zero(one.amount.currency), one.amount) for one in opening.on_account),
    ):
        place = payer, open_.currency
        before = totals.get(place, (Money.zero(open_.currency), Money.zero(open_.currency)))
        totals[place] = before[0] + open_, before[1] + paid
    return tuple(
        ClientTotal(payer=payer, open_items=totals[payer, currency][0], on_account=totals[payer, currency][1])
        for payer, currency in sorted(totals)
    )


def trial_balances(opening: Opening) -> tuple[Money, ...]:
    """Add up all balances per currency."""
    return tuple(
        Money.total((b.amount for b in opening.balances if b.amount.currency == currency), currency)
        for currency in _currencies(opening)
    )


@exactly
def opening_entries(opening: Opening, account: str) -> list[LedgerEntry]:
    """Book the balances, one entry per currency; the receivable account is split by open item."""
    entries = []
    for currency in _currencies(opening):
        postings = [
            Posting(account=account, amount=item.open.amount, party=item.payer, item=item.id)
            for item in opening.open_items
            if item.open.currency == currency and item.open
        ]
        postings += [
            Posting(account=account, amount=-paid.amount.amount, party=paid.payer, item=item_of(paid.id))
            for paid in opening.on_account
            if paid.amount.currency == currency
        ]
        postings += [
            Posting(account=balance.account, amount=balance.amount.amount)
            for balance in opening.balances
            if balance.amount.currency == currency and balance.account != account and balance.amount
        ]
        if postings:
            id = f"opening:{opening.id}:{currency}"
            entries.append(
                LedgerEntry(id=id, kind="opening", on=opening.on, currency=currency, postings=tuple(postings))
            )
    return entries


def problems_of(
    opening: Opening, *, account: str, parties: Collection[str], settings: Settings
) -> Iterator[OpeningProblem]:
    """Yield everything that is wrong with an opening by itself: unknown payers, days, numbers, totals.

    Args:
        account: the receivable account.
        parties: who is registered.
        settings: how our own numbers are written; an old invoice must not have one that we shall give.
    """
    yield from _twice(opening)
    yield from _totals(opening, account)
    for where, payer, day in (
        *((f"open item {item.id}", item.payer, item.on) for item in opening.open_items),
        *((f"on account {paid.id}", paid.payer, paid.on) for paid in opening.on_account),
    ):
        if payer not in parties:
            problem = f"there is no party {payer!r}"
            yield OpeningProblem(where=where, problem=problem, remedy="register it first")
        if day > opening.on:
            problem, remedy = f"it is of {day}, after the last day of the old system", f"keep to {opening.on}"
            yield OpeningProblem(where=where, problem=problem, remedy=remedy)
    for item in opening.open_items:
        where = f"open item {item.id}"
        if item.id == opening.id or is_of_payment(item.id):
            yield OpeningProblem(where=where, problem="this cannot be a number", remedy="name the opening otherwise")
        if given(item.id, settings, opening.on):
            yield OpeningProblem(
                where=where,
                problem="our own numbering gives this number too",
                remedy='let ours differ, with a setting such as number = "N{series}-{n:04}"',
            )
    numbers = {item.id for item in opening.open_items}
    for row in opening.billed:
        if row.number and row.number not in numbers:
            yield OpeningProblem(
                where=f"billed until, {row}",
                problem=f"old invoice {row.number} is not among the open items",
                remedy="list it there, with 0.00 when it is paid",
            )


def given(number: str, settings: Settings, on: date) -> bool:
    """Whether our own numbering, at the turn of a day, comes to a number."""
    base = settings.administration
    layers = (base, *settings.sources.values(), *settings.clients.values(), *settings.agreements.values())
    series = {layer.series or base.series or DEFAULTS.series or "" for layer in layers}
    patterns = {layer.number or base.number or DEFAULTS.number or "" for layer in layers}
    names = {series_of(name, day) for name in series for day in (on, on + DAY)}
    places = [int(digits) for digits in re.findall("[0-9]{1,18}", number)]
    return any(written(pattern, name, n) == number for pattern in patterns for name in names for n in places)


def _twice(opening: Opening) -> Iterator[OpeningProblem]:
    """What may stand in it once and stands there more often."""
    lists: tuple[tuple[str, Iterable[Hashable]], ...] = (
        ("open item {}", (item.id for item in opening.open_items)),
        ("on account {}", (paid.id for paid in opening.on_account)),
        ("balance of {0[0]} in {0[1]}", ((b.account, b.amount.currency) for b in opening.balances)),
        ("billed until, {0[0]}/{0[1]}, {0[3]}", ((b.source, b.agreement, b.line, b.until) for b in opening.billed)),
    )
    for where, keys in lists:
        for key, times in Counter(keys).items():
            if times > 1:
                yield OpeningProblem(where=where.format(key), problem=f"it is there {times} times", remedy="keep one")


def _totals(opening: Opening, account: str) -> Iterator[OpeningProblem]:
    for total in control_totals(opening, account):
        if total.difference:
            yield OpeningProblem(
                where=f"account {account}",
                problem=(
                    f"its balance is {total.balance}; open items of {total.open_items} less {total.on_account} on "
                    f"account make {total.open_items - total.on_account}, which differs by {total.difference}"
                ),
                remedy="find what is missing on either side",
            )
    for balance in trial_balances(opening):
        if balance:
            yield OpeningProblem(
                where="trial balance", problem=f"debit and credit differ by {balance}", remedy="add what is missing"
            )


def _currencies(opening: Opening) -> list[str]:
    amounts = [item.open for item in opening.open_items]
    amounts += [paid.amount for paid in opening.on_account] + [balance.amount for balance in opening.balances]
    return sorted({amount.currency for amount in amounts})
