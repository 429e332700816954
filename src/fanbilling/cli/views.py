"""What the commands that look have to show, each on one page."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ..domain.accounts import ROLES, Chart
from ..domain.client_file import ClientFile
from ..domain.drafts import Draft, DraftLine
from ..domain.explain import explain
from ..domain.invoices import DocumentKind, Invoice
from ..domain.leakage import Unbilled
from ..domain.money import Money
from ..domain.parties import Party
from ..domain.payments import OpenItem
from ..verification import Finding
from .filing import OUTBOX, PAPERS
from .outcomes import Outcome
from .pages import balance
from .screens import (
    GOOD,
    HEAD,
    LANGUAGE,
    MOST,
    NAME,
    SOFT,
    WRONG,
    console,
    day,
    figure,
    many,
    money,
    number,
    short,
    show_bad_rows,
    show_incomplete,
    show_notes,
    show_skipped,
    show_unmailed,
    table,
    text,
    totals,
)
from .tables import REJECTS, BadRow

if TYPE_CHECKING:
    from rich.table import Table


def show_drafts(party: Party, paid_by: str, drafts: Sequence[Draft], bad: Sequence[BadRow], args: Namespace) -> None:
    """Show the bills that a client would get."""
    show_bad_rows(bad, "and this preview does without them:")
    out = console()
    out.print(text((party.name, HEAD), (f" · until {day(args.until)} · dated {day(args.on)}", SOFT)))
    if not drafts and not paid_by:
        out.print(text(f"\n  No bill: everything due until {day(args.until)} is on one already."))
    for draft in drafts:
        kind = "Invoice" if draft.kind is DocumentKind.INVOICE else "Credit note"
        out.print(text("\n  ", (f"{kind} of {money(draft.total)}", HEAD), (" (a draft: it has no number)", SOFT)))
        out.print(_lines(draft))
    if paid_by:
        out.print(text(f"\n  {paid_by} pays for {party.id}. See its bill with:"))
        command = f"fanbilling preview {args.folder} {paid_by} --until {args.until} --on {args.on}"
        out.print(text("  ", (command, NAME)), soft_wrap=True)


def _lines(draft: Draft) -> Table:
    made = table("description", "period", "amount", right=(2,))
    for line in draft.lines:
        made.add_row(_description(line, draft.payer), _period(line), figure(line.part.lot.amount, draft.currency))
    made.add_section()
    made.add_row("Excluding VAT", "", figure(draft.totals.taxable, draft.currency))
    for tax in draft.taxes:
        rate = f"VAT {number(tax.tax.rate)}% on {figure(tax.base, draft.currency)}"
        made.add_row(rate if tax.tax.rate else f"VAT category {tax.tax.category}", "", figure(tax.vat, draft.currency))
    made.add_row(text(("Total", HEAD)), "", text((figure(draft.totals.total, draft.currency), HEAD)))
    return made


def _description(line: DraftLine, payer: str) -> str:
    who = f"{line.client}: " if line.client != payer else ""
    return f"{who}{line.text}{' (given back)' if line.corrects else ''}"


def _period(line: DraftLine) -> str:
    return f"{short(line.supplied.start)} – {short(line.supplied.last_day)}" if line.supplied else ""


def show_reasons(document: Invoice) -> None:
    """Show the tree of reasons of a document."""
    from ..adapters.rendering.words import tree

    out = console()
    kind = "Invoice" if document.kind is DocumentKind.INVOICE else "Credit note"
    head = f" · {document.payer} · {day(document.on)} · {money(document.payable)}"
    out.print(text((f"{kind} {document.number} · {document.buyer.name}", HEAD), (head, SOFT)))
    out.print()
    out.print(tree(explain(document), LANGUAGE, currency=document.currency), soft_wrap=True)


def show_client(file: ClientFile, items: Sequence[OpenItem], credit: Sequence[Money], currency: str) -> None:
    """Show what a client has open, and everything that happened with it."""
    from ..adapters.rendering.words import happened

    out = console()
    address = file.party.address
    place = ", ".join(filter(None, (address.street, f"{address.postal_code} {address.city}".strip(), address.country)))
    out.print(text((f"{file.party.name}", HEAD), (f" · {file.party.id} · {place}", SOFT)))
    for day_, payer in file.party.billed_to.steps if file.party.billed_to else ():
        since = f" from {day(day_)}" if day_.year > 1990 else ""
        out.print(text(f"  {payer} pays for {file.party.id}{since}."))
    _show_open(items, credit, currency)
    out.print(text(" ", ("Timeline", HEAD)))
    made = table("day", "what", "amount", right=(2,))
    for entry in sorted(file.entries, key=lambda entry: entry.on):
        amount = figure(entry.amount, entry.currency) if entry.amount is not None else ""
        made.add_row(short(entry.on), happened(entry, LANGUAGE), amount)
    out.print(made)


def _show_open(items: Sequence[OpenItem], credit: Sequence[Money], currency: str) -> None:
    out = console()
    if not items:
        out.print(text("\n  Nothing is open.\n"))
    else:
        owed = " and ".join(map(money, balance(items, currency)))
        out.print(text("\n ", (f"Open: {owed}", HEAD)))
        made = table("document", "dated", "due", "open", right=(3,))
        for item in items:
            made.add_row(item.number, short(item.on), short(item.due), figure(item.open.amount, item.open.currency))
        out.print(made)
    for rest in credit:
        out.print(text(f"  {money(rest)} was paid and is not set against any document."))


def show_unbilled(found: Sequence[Unbilled], until: date) -> None:
    """Show what is due and on no bill, and why."""
    out = console()
    if not found:
        out.print(text((f"Everything due until {day(until)} is on a bill.", GOOD)))
        return
    out.print(text((many(len(found), "thing"), HEAD), f" on no bill, seen until {day(until)}"))
    made = unbilled_table(found)
    out.print(made)


def unbilled_table(found: Sequence[Unbilled]) -> Table:
    """Return a table of what is on no bill, each with its reason."""
    from ..adapters.rendering.words import sentence

    made = table("payer", "what", "from", "why")
    for one in found:
        key = "/".join(filter(None, (one.key.agreement, one.key.fact)))
        what = text(one.text, (f" ({key})", SOFT))
        (why,) = one.because.because[:1] if one.because.rule == "unbilled.blocked" else (one.because,)
        made.add_row(one.payer, what, short(one.key.filed), sentence(why, LANGUAGE))
    return made


def show_balances(balances: Mapping[tuple[str, str], Decimal], chart: Chart) -> None:
    """Show the trial balance: every account, debit and credit, and that they are equal."""
    names = _names(chart)
    out = console()
    if not balances:
        out.print("Nothing was booked yet.")
    for currency in sorted({currency for _, currency in balances}):
        mine = {account: amount for (account, of), amount in sorted(balances.items()) if of == currency}
        made = table("account", "", "debit", "credit", right=(2, 3), title=f"Trial balance in {currency}")
        for account, amount in mine.items():
            debit, credit = (figure(amount, currency), "") if amount >= 0 else ("", figure(-amount, currency))
            made.add_row(account, names.get(account, ""), debit, credit)
        debit_sum = sum((amount for amount in mine.values() if amount > 0), Decimal(0))
        credit_sum = -sum((amount for amount in mine.values() if amount < 0), Decimal(0))
        made.add_section()
        made.add_row(text(("Total", HEAD)), "", figure(debit_sum, currency), figure(credit_sum, currency))
        out.print(made)
        if debit_sum == credit_sum:
            out.print(text(("  In balance.", GOOD)))
        else:
            out.print(text((f"  Out of balance by {figure(debit_sum - credit_sum, currency)}.", WRONG)))


def _names(chart: Chart) -> dict[str, str]:
    """Return what each account is for; one that serves several ends has the plainest name."""
    names = {chart.code(role): role for role in reversed(ROLES)}
    return {**{code: role for role, code in sorted(chart.codes.items(), reverse=True)}, **names}


def show_findings(findings: Sequence[Finding]) -> None:
    """Show what breaks a law, or that all hold."""
    out = console()
    if not findings:
        out.print(text(("all laws hold", GOOD)))
        return
    made = table("law", "where", "expected", "found")
    for one in findings:
        made.add_row(text((one.law, WRONG)), one.where, one.expected, one.found)
    out.print(made)
    out.print(text((many(len(findings), "finding"), WRONG), ": restore a backup, or ask whoever changed the books."))


def show_outcome(outcome: Outcome, args: Namespace) -> None:
    """Show what a run did."""
    out = console()
    if not outcome.ran:
        show_bad_rows(
            outcome.rejected,
            "so nothing was imported and nothing billed:",
            "Correct them and run again, or add --skip-bad to bill without them.",
        )
        return
    if outcome.issued:
        _show_issued(outcome, args)
    elif outcome.skipped:
        out.print(text(("Nothing was issued.", HEAD)))
    else:
        out.print(text((f"Nothing to bill: everything due until {day(args.until)} is on a bill already.", HEAD)))
    if outcome.sent and not outcome.issued:
        out.print(f"  {many(outcome.sent, 'mail')} written to {args.folder / OUTBOX}.")
    if outcome.papers:
        out.print(f"  {many(len(outcome.papers), 'paper')} written to {args.folder / PAPERS}.")
    kept = f"and are kept in {args.folder / REJECTS}:" if args.skip_bad else "and were left out:"
    show_bad_rows(outcome.rejected, kept, "Correct them and run again.")
    show_notes(outcome.notes)
    show_skipped(outcome.skipped)
    show_incomplete(outcome.incomplete)
    show_unmailed(outcome.unmailed)


def _show_issued(outcome: Outcome, args: Namespace) -> None:
    out = console()
    count = many(len(outcome.issued), "document")
    total_ = totals(one.total for one in outcome.issued)
    out.print(text((f"{count} issued, {total_}", HEAD), (f" · until {day(args.until)} · dated {day(args.on)}", SOFT)))
    made = table("number", "payer", "total", "file", right=(2,))
    for one in outcome.issued[:MOST]:
        made.add_row(one.number, one.payer, money(one.total), text((one.files[0] if one.files else "", SOFT)))
    out.print(made)
    if len(outcome.issued) > MOST:
        out.print(text((f"  and {many(len(outcome.issued) - MOST, 'more', 'more')}", SOFT)))
    out.print(text(f"  {many(outcome.sent, 'mail')} in {args.folder / OUTBOX}"))
