"""The reporting views: documented, stable columns over the books, for whoever asks the database itself.

An amount stands there twice: in whole cents (``…_minor``), whose sums are exact in every database, and as it is read.
SQLite has no exact decimals, so there the second one is text: to be shown, and not to be added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

import attrs

from .....domain.money import EXPONENTS
from .steps import Steps


@attrs.frozen
class Column:
    """A column: its name, what it says, and from where it comes.

    Args:
        kind: ``text``, ``whole`` (a number), ``number`` (exact, kept as text), ``day``, ``last day`` (of the day after
            it) or ``amount`` (of whole cents).
    """

    name: str
    meaning: str
    source: str
    kind: str = "text"


@attrs.frozen
class View:
    """A view: its name, what a row of it is, its columns, and the tables behind it."""

    name: str
    about: str
    columns: tuple[Column, ...]
    behind: str


def _amount(name: str, meaning: str, source: str = "") -> tuple[Column, Column]:
    source = source or f"b.{name}"
    in_cents = Column(f"{name}_minor", f"{meaning}, in whole cents (the currency's smallest unit)", source, "whole")
    return in_cents, Column(name, f"{meaning}, as it is read", source, "amount")


def _administration(source: str) -> Column:
    return Column("administration", "whose books", source)


_WHO = (
    Column("client", "for whom it was done", "b.client"),
    Column("currency", "ISO 4217", "b.currency"),
)
_FIGURES = (
    Column("category", "VAT category (EN 16931: S, AE, Z, E, …)", "b.category"),
    Column("rate", "VAT rate in per cent", "b.rate", "number"),
    Column("quantity", "how much; negative where it is given back", "b.quantity", "number"),
    Column("unit", "unit of the quantity (UN/ECE Recommendation 20)", "b.unit"),
    Column("price", "price for `per` units", "b.price", "number"),
    Column("per", "for how many units the price is", "b.per", "number"),
    *_amount("net", "amount without VAT", "b.amount"),
    *_amount("vat", "VAT"),
    Column("account", "revenue account", "b.account"),
    Column("supplied_from", "first day of what it covers, if it covers days", "b.supplied_start", "day"),
    Column("supplied_until", "last day of what it covers", "b.supplied_end", "last day"),
)
_KEY = (
    Column("source", "which source said that it was due", "b.source"),
    Column("agreement", "agreement, in the words of the source", "b.agreement"),
    Column("filed", "day under which the fact is filed", "b.filed", "day"),
    Column("fact", "what was due, in the words of the source", "b.fact"),
    Column("revision", "how many entries that key had before this one", "b.revision", "whole"),
    Column("reverses", "revision that this entry gives back", "b.reverses", "whole"),
)

VIEWS: tuple[View, ...] = (
    View(
        "fb_report_document",
        "An issued document: an invoice or a credit note.",
        (
            _administration("b.administration"),
            Column("document", "id of the document", "b.id"),
            Column("number", "its number", "b.number"),
            Column("series", "series of the number", "b.series"),
            Column("place", "place in the series: 1, 2, 3, … without a gap", "b.place", "whole"),
            Column("kind", "`invoice` or `credit-note`", "b.kind"),
            Column("on_date", "date on the document", "b.on_date", "day"),
            Column("due_date", "when it is to be paid", "b.due", "day"),
            Column("payer", "party that pays", "b.payer"),
            Column("currency", "ISO 4217", "b.currency"),
            *_amount("net", "amount without VAT"),
            *_amount("vat", "VAT"),
            *_amount("total", "amount with VAT"),
            *_amount("payable", "what is to be paid"),
        ),
        "fb_document b",
    ),
    View(
        "fb_report_line",
        "A line of an issued document.",
        (
            _administration("d.administration"),
            Column("document", "id of the document", "d.id"),
            Column("number", "its number", "d.number"),
            Column("line", "number of the line", "b.line", "whole"),
            Column("kind", "`invoice` or `credit-note`", "d.kind"),
            Column("on_date", "date on the document", "d.on_date", "day"),
            Column("payer", "party that pays", "d.payer"),
            *_WHO,
            Column("title", "what the source calls it; the heading that is printed may be another", "b.title"),
            Column("text", "text of the line", "b.text"),
            *_FIGURES,
            *_KEY,
        ),
        "fb_document d JOIN fb_billed b ON b.administration = d.administration AND b.document = d.id",
    ),
    View(
        "fb_report_billed",
        "A billed entry: what a line took from a key (or gave back), also what an old system had billed before.",
        (
            _administration("b.administration"),
            *_KEY,
            Column("document", "id of the document", "b.document"),
            Column("number", "its number; absent when an old system issued it", "d.number"),
            Column("line", "number of the line", "b.line", "whole"),
            Column("on_date", "date on the document", "b.on_date", "day"),
            Column("payer", "party that pays", "b.payer"),
            *_WHO,
            *_FIGURES,
        ),
        "fb_billed b LEFT JOIN fb_document d ON d.administration = b.administration AND d.id = b.document",
    ),
    View(
        "fb_report_open_item",
        "What is open of a document, or of a payment that was not allocated: per account, without what is settled.",
        (
            _administration("b.administration"),
            Column("party", "who owes it, or to whom it is owed", "b.party"),
            Column("account", "account: that of receivables, usually 1300", "b.account"),
            Column("item", "id of the document, or `payment:` and the id of the payment", "b.item"),
            Column("number", "number of the document; absent for a payment", "d.number"),
            Column("on_date", "day of the first booking", "b.on_date", "day"),
            Column("due_date", "when it is to be paid; absent for a payment", "d.due", "day"),
            Column("currency", "ISO 4217", "b.currency"),
            *_amount("open", "what is open; negative when we owe it"),
        ),
        "(SELECT administration, party, account, item, currency, MIN(on_date) AS on_date, "
        "CAST(SUM(amount) AS BIGINT) AS open FROM fb_posting WHERE party != '' "
        "GROUP BY administration, party, account, item, currency HAVING SUM(amount) != 0) b "
        "LEFT JOIN fb_document d ON d.administration = b.administration AND d.id = b.item",
    ),
    View(
        "fb_report_posting",
        "A posting in the general ledger: debit positive, credit negative.",
        (
            _administration("b.administration"),
            Column("entry", "id of the entry; its postings add up to nothing", "b.entry"),
            Column("line", "number of the posting in it", "b.line", "whole"),
            Column("kind", "`invoice`, `credit-note`, `payment`, …", "b.kind"),
            Column("on_date", "day of the entry", "b.on_date", "day"),
            Column("account", "account", "b.account"),
            Column("currency", "ISO 4217", "b.currency"),
            *_amount("amount", "amount"),
            Column("party", "party that a receivable concerns, else empty", "b.party"),
            Column("item", "open item that it concerns, else empty", "b.item"),
        ),
        "fb_posting b WHERE b.line > 0",
    ),
    View(
        "fb_report_client_file",
        "Something that happened with a party, in order.",
        (
            _administration("b.administration"),
            Column("party", "party", "b.party"),
            Column("position", "place in the journal", "b.position", "whole"),
            Column("recorded_at", "moment at which it was written down, ISO 8601", "b.at"),
            Column("actor", "who did it", 'b."by"'),
            Column("event", "what happened: see the page of events", "b.kind"),
            Column("on_date", "day on which it counts", "b.on_date", "day"),
            Column("facts", "ids and figures, as JSON", "b.body"),
        ),
        "fb_journal b WHERE b.party != ''",
    ),
)

#: What a kind of column is called where the columns are described: on PostgreSQL, on SQLite.
TYPES: Mapping[str, tuple[str, str]] = {
    "text": ("text", "text"),
    "whole": ("bigint", "integer"),
    "number": ("numeric", "text"),
    "amount": ("numeric", "text"),
    "day": ("date", "text"),
    "last day": ("date", "text"),
}


def make_views(steps: Steps) -> None:
    """Make the views, or make them anew."""
    for view in VIEWS:
        if steps.backend == "postgresql":
            steps.do(f"CREATE OR REPLACE VIEW {view.name} AS {_select(view, steps.backend)}")
        else:
            steps.do(f"DROP VIEW IF EXISTS {view.name}")
            steps.do(f"CREATE VIEW {view.name} AS {_select(view, steps.backend)}")


def _select(view: View, backend: str) -> str:
    columns = ", ".join(f"{_said(column, backend)} AS {column.name}" for column in view.columns)
    return f"SELECT {columns} FROM {view.behind}"  # noqa: S608  (names of our own)


def _said(column: Column, backend: str) -> str:
    said = (_in_postgresql if backend == "postgresql" else _in_sqlite).get(column.kind, "{}")
    return said.replace("{}", column.source).replace("{currency}", "b.currency")


def _by_decimals() -> list[tuple[int, str]]:
    """Return the currencies by how many decimals they have, those with two left out: they are all others."""
    in_order = sorted((decimals, currency) for currency, decimals in EXPONENTS.items())
    return [
        (decimals, ", ".join(f"'{currency}'" for _, currency in some))
        for decimals, some in groupby(in_order, key=lambda one: one[0])
    ]


def _scaled(form: Mapping[int, str]) -> str:
    cases = " ".join(f"WHEN {{currency}} IN ({some}) THEN {form[decimals]}" for decimals, some in _by_decimals())
    return f"CASE {cases} ELSE {form[2]} END"


def _cut(decimals: int) -> str:
    """Write whole cents as a decimal text: what stands before the point, and the last figures behind it."""
    return f"(ABS({{}}) / {10**decimals}) || '.' || SUBSTR('{'0' * decimals}' || ABS({{}}), -{decimals})"


_in_sqlite = {
    "amount": "CASE WHEN {} < 0 THEN '-' ELSE '' END || "
    + _scaled({0: "ABS({})", **{decimals: _cut(decimals) for decimals in (2, 3, 4)}}),
    # A day is text there; said so, because older tables call it a DATE, which some drivers make something else of.
    "day": "CAST({} AS TEXT)",
    "last day": "DATE({}, '-1 day')",
}
_in_postgresql = {
    "amount": _scaled({0: "CAST({} AS numeric)", 2: "{} * 0.01", 3: "{} * 0.001", 4: "{} * 0.0001"}),
    "number": "CAST({} AS numeric)",
    "last day": "{} - 1",
}
