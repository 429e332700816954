"""Going live from a folder: the four lists of an old system, in its folder ``opening``, brought over in one step."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import attrs

from ..domain.errors import BillingError, RuleViolation
from ..domain.money import Money
from ..domain.opening import AccountBalance, BilledUntil, OldInvoice, Opening
from ..domain.payments import Payment
from ..domain.reconciling import OpeningReport
from .columns import AMOUNT, CURRENCY, DAY, ID, TEXT, Problems, column
from .importing import Import
from .place import BY, Place, copied, open_place
from .reading import read
from .rows import AGREEMENT, SOURCE
from .running import Undone, import_agreed, read_rows
from .screens import HEAD, WRONG, console, indented, many, money, show_bad_rows, table, text
from .tables import BadRow, Table

FOLDER: Final = "opening"


@attrs.frozen(kw_only=True)
class OldRow:
    """What all rows of an old system have in common: they were always known, and the desk checks them together."""

    row: int
    entered: dt.date | None = None

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself: nothing."""
        return iter(())


@attrs.frozen(kw_only=True)
class OpenItemRow(OldRow):
    """An invoice or credit note of the old system."""

    number: str = column(TEXT, "Its number in the old system", "2025-0412", required=True)
    client: str = column(ID, "Who pays it", "ardent", required=True)
    date: dt.date = column(DAY, "Its date", "2025-12-01", required=True)
    due: dt.date = column(DAY, "The day it is due", "2025-12-15", required=True)
    open: Decimal = column(AMOUNT, "What is open; below zero when we owe it", "121,00", required=True)
    currency: str = column(CURRENCY, "Currency", "EUR", default="EUR")

    def value(self) -> OldInvoice:
        """What the row says."""
        open_ = Money(self.open, self.currency)
        return OldInvoice(id=self.number, payer=self.client, on=self.date, due=self.due, open=open_)


@attrs.frozen(kw_only=True)
class BilledUntilRow(OldRow):
    """Until which day the old system billed something."""

    source: str = column(SOURCE, "manual: lines.csv", "subscriptions", required=True)
    agreement: str = column(ID, AGREEMENT, "S-1001", required=True)
    line: str = column(ID, "Only this line of the subscription; empty: all of it", "users")
    until: dt.date = column(DAY, "All that could be billed up to and including this day", "2025-12-31", required=True)
    number: str = column(TEXT, "The old invoice on which it stands", "2025-0412")
    net: Decimal | None = column(AMOUNT, "What the old system billed, without VAT", "100,00")
    currency: str = column(CURRENCY, "Currency of the amount", "EUR", default="EUR")

    def value(self) -> BilledUntil:
        """What the row says."""
        return BilledUntil(
            source=self.source,
            agreement=self.agreement,
            line=self.line or None,
            until=self.until,
            number=self.number,
            net=None if self.net is None else Money(self.net, self.currency),
        )


@attrs.frozen(kw_only=True)
class OnAccountRow(OldRow):
    """What a client paid ahead, and what is left of it."""

    id: str = column(ID, "Id of the payment", "B-0620", required=True)
    client: str = column(ID, "Who paid", "ardent", required=True)
    date: dt.date = column(DAY, "The day it came in", "2025-12-20", required=True)
    amount: Decimal = column(AMOUNT, "What is left of it", "50,00", required=True)
    currency: str = column(CURRENCY, "Currency", "EUR", default="EUR")
    reference: str = column(TEXT, "What the payer wrote", "advance")

    def value(self) -> Payment:
        """What the row says."""
        amount = Money(self.amount, self.currency)
        return Payment(id=self.id, payer=self.client, on=self.date, amount=amount, reference=self.reference)


@attrs.frozen(kw_only=True)
class BalanceRow(OldRow):
    """The balance of a ledger account."""

    account: str = column(ID, "The account, as it is called here", "1300", required=True)
    balance: Decimal = column(AMOUNT, "Debit above zero, credit below", "-812,40", required=True)
    currency: str = column(CURRENCY, "Currency", "EUR", default="EUR")

    def value(self) -> AccountBalance:
        """What the row says."""
        return AccountBalance(account=self.account, amount=Money(self.balance, self.currency))


LISTS: Final[dict[str, Table[Any]]] = {
    "open_items": Table(file="open-items.csv", row=OpenItemRow, key=("number",)),
    "billed": Table(file="billed-until.csv", row=BilledUntilRow, key=("agreement", "line"), stamp=("until",)),
    "on_account": Table(file="on-account.csv", row=OnAccountRow),
    "balances": Table(file="balances.csv", row=BalanceRow, key=("account", "currency")),
}
"""The lists, by what they are called in an opening."""


def go_live(args: Namespace) -> int:
    """Bring the four lists over, or only look at what they come to; show the totals, and what is wrong."""
    opening, bad = read_lists(
        args.folder / FOLDER, name=args.name or f"Balances of {args.last_day}", last_day=args.last_day
    )
    report = None
    if not bad:
        with _place(args) as place:
            report, bad = _brought(place, opening, args)
    if report is None or bad:
        show_bad_rows(bad, "so nothing was brought over:", "Correct them, and give the command again.")
        return 1
    show_report(report, check=args.check)
    return 1 if report.problems else 0


def read_lists(folder: Path, *, name: str, last_day: dt.date) -> tuple[Opening, Sequence[BadRow]]:
    """Read the four lists; one that is not there is empty.

    Raises:
        RuleViolation: when there is none of them, or something else beside them.
    """
    names = sorted(one.file for one in LISTS.values())
    there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if other := [file for file in there if file not in names] or ["nothing"] * (not there):
        raise RuleViolation(f"{', '.join(other)} is there", where=str(folder), remedy=f"put {', '.join(names)} there")
    bad: list[BadRow] = []
    values: dict[str, list[Any]] = {}
    for part, one in LISTS.items():
        if one.file not in there:
            continue
        sheet = read(one, (folder / one.file).read_bytes())
        bad += sheet.bad
        for row in sheet.rows:
            try:
                values.setdefault(part, []).append(row.value())
            except BillingError as error:
                problem, expected = f"Refused: {error.problem}.", f"Instead: {error.remedy}."
                bad.append(BadRow(file=one.file, line=row.row, problem=problem, expected=expected))
    return Opening(id=name, on=last_day, **{part: tuple(mine) for part, mine in values.items()}), bad


def show_report(report: OpeningReport, *, check: bool) -> None:
    """Show what was brought over, beside the totals of the old system; or why nothing was."""
    out = console()
    if report.problems:
        out.print(text((f"{many(len(report.problems), 'thing')} cannot be right, so nothing was brought over:", WRONG)))
        for problem in report.problems:
            out.print(text("\n  ", (problem.where, HEAD)))
            out.print(indented(f"{problem.problem}; {problem.remedy}."))
        out.print()
    made = table("client", "open", "on account", "owes", right=(1, 2, 3))
    for one in report.clients:
        made.add_row(one.payer, money(one.open_items), money(one.on_account), money(one.balance))
    for total in report.control:
        owed = total.open_items - total.on_account
        made.add_row("all", money(total.open_items), money(total.on_account), money(owed))
        made.add_row("the receivable account says", "", "", money(total.balance))
    out.print(made)
    made = table("billed until", "", "here", "old system", "difference", right=(2, 3, 4))
    for row in report.billed:
        said = money(row.row.net) if row.row.net is not None else ""
        made.add_row(
            str(row.row), str(row.row.until), money(row.ours), said, money(row.difference) if row.difference else ""
        )
    out.print(made)
    for source, agreement in report.not_mentioned:
        out.print(text((f"{source} {agreement}: not in billed-until.csv; the next run bills it from its start", WRONG)))
    if not report.problems:
        out.print(
            "It agrees. Nothing was brought over: this was a check." if check else "It agrees, and was brought over."
        )


@contextmanager
def _place(args: Namespace) -> Iterator[Place]:
    """Open the folder: with a passing copy of its books, where it is only looked at."""
    if args.check:
        with copied(args.folder) as place:
            yield place
        return
    place = open_place(args.folder, billed=False)
    try:
        yield place
    finally:
        place.books.close()


def _brought(place: Place, opening: Opening, args: Namespace) -> tuple[OpeningReport | None, Sequence[BadRow]]:
    """Import who there is and what was agreed, and load the opening with it: all of it, or nothing."""
    rows, bad = read_rows(args.folder, on=args.last_day)
    if bad:
        return None, bad
    report = None
    with suppress(Undone), place.books(by=BY) as store:
        work = Import(office=place.office, store=store, on=args.last_day)
        import_agreed(work, rows)
        if bad := (*work.bad, *work.waiting):
            raise Undone("a row is bad", remedy="correct it")
        report = place.office.opening.check(store, opening)
        if report.problems:
            raise Undone("it cannot be right", remedy="correct it")
        report = place.office.opening.load(store, opening)
    return report, bad
