"""Opening balances: what an old system leaves behind when a company goes live here."""

from __future__ import annotations

import hashlib
from datetime import date

import attrs

from .billed import BilledEntry
from .errors import InvalidValue, NotFound
from .invoices import Invoice
from .money import Money
from .payments import Payment
from .periods import a_day
from .records import record
from .texts import a_text, an_id


@record("opening.invoice", keys=("payer",), party="payer")
@attrs.frozen(kw_only=True)
class OldInvoice:
    """An invoice or credit note of the old system, with what is still open of it.

    Args:
        id: its number: payers name it, and a credit note points to it.
        open: negative for a credit note that we still owe; 0.00 for one that is settled and listed because what was
            billed stands on it.
        opening: the opening that brought it, filled in there.
    """

    id: str
    payer: str
    on: date
    due: date
    open: Money
    opening: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse an invoice without a number, a payer, days or an amount."""
        where = f"old invoice {an_id(self.id, where='old invoice')}"
        an_id(self.payer, where=f"{where}, payer")
        for day in (self.on, self.due):
            a_day(day, where=where)
        _money(self.open, where=where)

    @property
    def number(self) -> str:
        """The number that the old system gave it."""
        return self.id


@attrs.frozen(kw_only=True)
class BilledUntil:
    """Until which day the old system billed an agreement: everything that could be billed up to and including it.

    An agreement may have several, one for each old invoice; each then stands for what could be billed after the one
    before.

    Args:
        line: only this line of the agreement, where its lines were billed until different days.
        number: the old invoice on which it stands; empty where that is not known.
        net: what the old system billed, excluding VAT; absent where that is not known.
    """

    source: str
    agreement: str
    until: date
    line: str | None = None
    number: str = ""
    net: Money | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what names no agreement and no day."""
        where = f"billed until, {an_id(self.agreement, where='billed until')}"
        an_id(self.source, where=where)
        a_day(self.until, where=where)
        for text in (self.line or "", self.number):
            a_text(text, where=where)
        if self.net is not None:
            _money(self.net, where=where)

    def __str__(self) -> str:
        """Name the agreement, and its line where only that is meant."""
        return "/".join(filter(None, (self.source, self.agreement, self.line)))


@attrs.frozen(kw_only=True)
class AccountBalance:
    """The balance of a ledger account in the old system: debit positive."""

    account: str
    amount: Money

    def __attrs_post_init__(self) -> None:
        """Refuse a balance of no account."""
        _money(self.amount, where=f"balance of {an_id(self.account, where='balance')}")


@attrs.frozen(kw_only=True)
class Opening:
    """Everything that is brought over from an old system, as it was at the end of one day.

    Args:
        id: the caller's own id. Where it is not known on which old invoice something was billed, a credit note points
            to this id: let it say something to a client, such as ``"Old system until 30 June 2026"``.
        on: the last day of the old system.
        open_items: what clients owe, invoice by invoice.
        billed: until which day each agreement was billed.
        on_account: what clients paid ahead and was set against nothing yet, with the amount that is left.
        balances: the trial balance, in our accounts; the receivable account among them.
    """

    id: str
    on: date
    open_items: tuple[OldInvoice, ...] = attrs.field(default=(), converter=tuple)
    billed: tuple[BilledUntil, ...] = attrs.field(default=(), converter=tuple)
    on_account: tuple[Payment, ...] = attrs.field(default=(), converter=tuple)
    balances: tuple[AccountBalance, ...] = attrs.field(default=(), converter=tuple)

    def __attrs_post_init__(self) -> None:
        """Refuse an opening without an id or a day."""
        a_day(self.on, where=f"opening {an_id(self.id, where='opening')}")

    @property
    def fingerprint(self) -> str:
        """A digest of everything in it, whatever the order: the same content has the same one."""
        rows: list[tuple[object, ...]] = [
            (item.id, item.payer, item.on, item.due, item.open) for item in self.open_items
        ]
        rows += [(one.source, one.agreement, one.until, one.line, one.number, one.net) for one in self.billed]
        rows += [(paid.id, paid.payer, paid.on, paid.amount, paid.reference) for paid in self.on_account]
        rows += [(balance.account, balance.amount) for balance in self.balances]
        written = ["\t".join(f"{type(value).__name__}:{value}" for value in row) for row in rows]
        text = "\n".join([self.on.isoformat(), *sorted(written)])
        return hashlib.sha256(text.encode()).hexdigest()


@record("opening.opening", keys=("on",))
@attrs.frozen(kw_only=True)
class LoadedOpening:
    """That an opening was loaded, with the fingerprint of what was in it."""

    id: str
    on: date
    fingerprint: str

    @property
    def number(self) -> str:
        """What a credit note points to when the old invoice is not known."""
        return self.id


@record("opening.billed", keys=("opening",))
@attrs.frozen(kw_only=True)
class BilledBefore:
    """What stands billed for one row of an opening: what we compute, beside what the old system said.

    Args:
        ours: what we would have billed, excluding VAT; this is what stands billed.
        entries: the billed entries that it became.
        through: the last day of what was supplied, where something is supplied over a period.
    """

    id: str
    opening: str
    row: BilledUntil
    ours: Money
    entries: tuple[BilledEntry, ...]
    through: date | None = None

    @property
    def difference(self) -> Money | None:
        """What the old system billed more than we would have; nothing when it did not say."""
        return None if self.row.net is None else self.row.net - self.ours


#: What a credit note can point to.
Document = Invoice | OldInvoice | LoadedOpening


def payer_of(document: Document) -> str:
    """Return who pays for a document.

    Raises:
        NotFound: for an opening, which is of nobody in particular.
    """
    if isinstance(document, LoadedOpening):
        raise NotFound("it is of nobody in particular", where=document.id, remedy="name an invoice")
    return document.payer


def _money(amount: Money, *, where: str) -> None:
    if not isinstance(amount, Money):
        raise InvalidValue(f"an amount of {amount!r}", where=where, remedy='write Money.of("12.50", "EUR")')
