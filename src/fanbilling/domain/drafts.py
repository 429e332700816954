"""Drafts: a bill before it has a number, complete to the cent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from .billed import Billed, BilledEntry, Part, standing
from .decisions import Decision, DecisionKind
from .exact import ZERO, exactly
from .explain import explain_document
from .grouping import Group, grouped, together
from .invoices import DocumentKind, InvoiceLine, TaxSubtotal, Totals, subtotals, totals
from .items import BillableItem, ItemKey
from .lots import NOTHING
from .money import Money, places
from .periods import Period
from .ports.sourcing import Window
from .reasons import Reason
from .sharing import vat_shares


@attrs.frozen(kw_only=True)
class DraftLine:
    """One line to be: a part with its words, its reason and its share of the VAT."""

    part: Part
    client: str
    title: str
    text: str
    because: Reason
    vat: Decimal
    supplied: Period | None = None
    corrects: str = ""

    def numbered(self, number: int) -> InvoiceLine:
        """Return the line as it will be sealed."""
        part = self.part
        terms, lot = part.terms, part.lot
        return InvoiceLine(
            number=number,
            key=part.key,
            client=self.client,
            title=self.title,
            text=self.text,
            quantity=lot.quantity,
            price=terms.price,
            net=lot.amount,
            tax=terms.tax,
            vat=self.vat,
            because=self.because,
            supplied=self.supplied,
            corrects=self.corrects,
        )


@attrs.frozen(kw_only=True)
class Draft:
    """A bill without a number: what :meth:`Billing.preview` shows and :meth:`Billing.issue` makes definite.

    Its id follows from its parts, so issuing the same draft twice is one command.

    Args:
        until: the run looks that far, inclusive.
        on: the date that will be on the document.
        windows: what was asked of which source; issuing asks the same again.
        decisions: those that are written when the draft is issued (a credit carries them).
        apart: what this bill is kept apart with (a source, an agreement); empty when everything comes together.
    """

    id: str
    payer: str
    currency: str
    document: str
    until: date
    on: date
    lines: tuple[DraftLine, ...]
    taxes: tuple[TaxSubtotal, ...]
    totals: Totals
    windows: tuple[Window, ...] = ()
    decisions: tuple[Decision, ...] = ()
    apart: str = ""

    @property
    def total(self) -> Money:
        """What the bill would come to, VAT included."""
        return Money(self.totals.total, self.currency)

    @property
    def kind(self) -> DocumentKind:
        """A bill that gives back more than it asks, or only gives back, is a credit note."""
        gives_back = self.totals.total < 0 or all(line.corrects for line in self.lines)
        return DocumentKind.CREDIT_NOTE if gives_back else DocumentKind.INVOICE

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of all lines."""
        return tuple(line.part for line in self.lines)

    @property
    def place(self) -> Group:
        """Payer, currency, kind of document and what is kept apart: a preview has one draft for each."""
        return self.payer, self.currency, self.document, self.apart

    def difference(self, other: Draft | None) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """Return the parts that another draft does not have, and those that only it has; revisions aside."""
        mine = [attrs.evolve(part, revision=0) for part in self.parts]
        theirs = [attrs.evolve(part, revision=0) for part in other.parts] if other else []
        gone = tuple(part for part, plain in zip(self.parts, mine, strict=True) if plain not in theirs)
        new = tuple(part for part in theirs if part not in mine)
        return gone, new

    def renumbered(self, billed: Billed) -> Draft:
        """Return the draft with the revisions that are next, for when it is issued without its neighbours."""
        following = {key: len(billed.get(key, ())) for key in {part.key for part in self.parts}}
        lines = []
        for line in self.lines:
            revision = following[line.part.key]
            following[line.part.key] = revision + 1
            lines.append(attrs.evolve(line, part=attrs.evolve(line.part, revision=revision)))
        return attrs.evolve(self, lines=tuple(lines))

    def invoice_lines(self) -> tuple[InvoiceLine, ...]:
        """Return the lines as they will be sealed, numbered from 1."""
        return tuple([line.numbered(number) for number, line in enumerate(self.lines, 1)])

    def explain(self) -> Reason:
        """Return every figure of the draft with the rule that made it."""
        return explain_document(self.invoice_lines(), self.taxes, self.totals, self.currency)


@exactly
def drafts(
    parts: Iterable[Part],
    items: Sequence[BillableItem],
    billed: Billed,
    *,
    until: date,
    on: date,
    windows: tuple[Window, ...] = (),
    decisions: tuple[Decision, ...] = (),
    decided: Sequence[Decision] = (),
    apart: Callable[[Part], str] = together,
) -> tuple[Draft, ...]:
    """Make parts into drafts: one per payer, currency and kind of document, with VAT per category and rate.

    Args:
        apart: names what a part is kept apart with; see :func:`~fanbilling.domain.grouping.grouped`.
    """
    due: dict[ItemKey, list[BillableItem]] = {}
    for item in items:
        due.setdefault(item.key, []).append(item)
    made = []
    for (payer, currency, document, kept_apart), mine in grouped(parts, apart).items():
        shares = vat_shares(mine, billed, places(currency))
        lines = tuple([_line(part, vat, due, billed, decided) for part, vat in zip(mine, shares, strict=True)])
        taxes = subtotals([(part.terms.tax, part.lot.amount, vat) for part, vat in zip(mine, shares, strict=True)])
        keys = {part.key for part in mine}
        carried = tuple(decision for decision in decisions if decision.key in keys)
        made.append(
            Draft(
                id=draft_id(mine, carried),
                payer=payer,
                currency=currency,
                document=document,
                until=until,
                on=on,
                lines=lines,
                taxes=taxes,
                totals=totals(taxes),
                windows=windows,
                decisions=carried,
                apart=kept_apart,
            )
        )
    return tuple(made)


def _decided(decision: Decision, entry: BilledEntry) -> Reason:
    """Say what we decided; the reason of a credit is for the client to read, that of other decisions is ours."""
    if decision.target == entry.document:
        return Reason("credit.given", decision.amount, (("reason", decision.reason),))
    return Reason("decision.made", None, (("reason", decision.reason), ("by", decision.by), ("on", decision.on)))


@exactly
def draft_id(parts: Iterable[Part], decisions: Iterable[Decision] = ()) -> str:
    """Derive an id from the parts with their terms and revisions, and from the decisions that go with them.

    Two drafts that say something else never share an id, so that issuing one is not taken for issuing the other.
    """
    written = [*map(_written, parts), *(f"{decision.id}\t{decision.kind}" for decision in decisions)]
    return hashlib.sha256("\n".join(written).encode()).hexdigest()[:32]


def _written(part: Part) -> str:
    """Write everything that a part says, equal figures alike."""
    key, terms, lot, tax, price = part.key, part.terms, part.lot, part.terms.tax, part.terms.price
    return (
        f"{key.source}\t{key.agreement}\t{key.filed!s}\t{key.fact}\t{part.revision}\t{part.reverses}"
        f"\t{terms.payer}\t{terms.currency}\t{terms.document}\t{tax.category}\t{price.unit}"
        f"\t{lot.quantity.normalize()!s}\t{lot.amount.normalize()!s}"
        f"\t{tax.rate.normalize()!s}\t{price.amount.normalize()!s}\t{price.per.normalize()!s}"
    )


def _line(
    part: Part, vat: Decimal, due: Mapping[ItemKey, list[BillableItem]], billed: Billed, decided: Sequence[Decision]
) -> DraftLine:
    items = due.get(part.key, [])
    if part.reverses is not None:
        entry = next(entry for entry in billed[part.key] if entry.revision == part.reverses)
        ours = [decision for decision in decided if decision.key == part.key and decision.withdrawn is None]
        return _reversal(part, vat, entry, items, ours)
    mine = items
    if len(items) > 1:
        mine = [item for item in items if item.quantity and item.price == part.terms.price] or items
    first = mine[0]
    return DraftLine(
        part=part,
        client=first.client,
        title=first.title,
        text=first.text,
        because=_why(part, [item.because for item in mine], billed.get(part.key, ())),
        vat=vat,
        supplied=_span([item.supplied for item in mine if item.supplied is not None]),
    )


def _why(part: Part, reasons: Sequence[Reason], entries: Sequence[BilledEntry]) -> Reason:
    """Say why a new line is due: what the source says, and what was billed of it before."""
    because = reasons[0] if len(reasons) == 1 else Reason("items.together", None, (), tuple(reasons))
    before = standing(entries).get(part.terms, NOTHING).quantity if entries else ZERO
    if not before:
        return because
    figures = (("owed", before + part.lot.quantity), ("billed", before))
    return Reason("line.addition", part.lot.quantity, figures, (because,))


def _span(periods: Sequence[Period]) -> Period | None:
    """Return the period from the first day to the last of several."""
    if len(periods) < 2:
        return periods[0] if periods else None
    return Period(min(period.start for period in periods), max(period.end for period in periods))


def _reversal(
    part: Part, vat: Decimal, entry: BilledEntry, items: Sequence[BillableItem], decided: Sequence[Decision]
) -> DraftLine:
    reasons = [_decided(decision, entry) for decision in decided if decision.kind is not DecisionKind.HELD]
    reasons.extend(item.because for item in items)
    because = Reason(
        "line.correction",
        part.lot.amount,
        (("billed_on", entry.on), ("billed", entry.lot.amount)),
        tuple(reasons) or (Reason("item.no-longer-due"),),
    )
    return DraftLine(
        part=part,
        client=entry.client,
        title=entry.title,
        text=entry.text,
        because=because,
        vat=vat,
        supplied=entry.supplied,
        corrects=entry.document,
    )
