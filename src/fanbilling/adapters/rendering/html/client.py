"""The client's page: who it is, what is open, and everything that happened, newest first, on one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ....domain.money import Money
from ..look import Look
from ..plain import clean
from ..templates import environment
from ..words import Words, words

_LINKS = ("https://", "http://", "mailto:")


def client_page(file: Mapping[str, Any], *, look: Look | None = None) -> str:
    """Put a client's file on a page: one HTML text with its style inside.

    Days, money and figures are written in the page's language; a text is printed as it is, escaped.

    Args:
        file: plain data. ``language``; ``seller``, our name; ``on``, as of which day; ``client`` with ``id``, ``name``,
            ``lines`` (of the address) and ``facts`` (pairs of label and value); ``balance``, an amount or one per
            currency; ``open``, items with ``number``, ``on``, ``due``, ``total``, ``open`` and ``link``; ``entries``
            with ``on``, ``desk``, ``what``, ``amount`` and ``link``. Amounts are ``Money`` or a text, days are dates;
            ``amount``, ``total`` and ``link`` may be absent or nothing, and so may ``also``: other links, as pairs of
            label and address.
        look: logo and colour.
    """
    book = words(file["language"])
    on = file.get("on")
    balance = file.get("balance")
    return (
        environment()
        .get_template("client.html")
        .render(
            book=book.labels,
            look=look or Look(),
            language=book.language,
            seller=_say(file["seller"], book),
            made=book.fill("page-made", day=_say(on, book)) if on else "",
            client=_client(file["client"], book),
            balance=[_say(amount, book) for amount in (balance if isinstance(balance, list | tuple) else [balance])],
            open=[_item(item, book, on) for item in file.get("open", ())],
            entries=[_entry(entry, book) for entry in _newest(file.get("entries", ()))],
        )
    )


def _client(client: Mapping[str, Any], book: Words) -> dict[str, Any]:
    facts = ((str(label), _say(value, book)) for label, value in client.get("facts", ()))
    return {
        "id": _say(client["id"], book),
        "name": _say(client["name"], book),
        "lines": [_say(line, book) for line in client.get("lines", ()) if line],
        "facts": [(label, value) for label, value in facts if value],
    }


def _item(item: Mapping[str, Any], book: Words, on: date | None) -> dict[str, Any]:
    due, left = item.get("due"), item.get("open")
    owed = not isinstance(left, Money) or left.amount > 0
    return {
        "number": _say(item.get("number"), book),
        "on": _short(item.get("on"), book),
        "due": _short(due, book),
        "total": _say(item.get("total"), book),
        "open": _say(left, book),
        "link": _link(item.get("link")),
        "late": bool(isinstance(due, date) and on and due < on and owed),
        "also": _links(item, book),
    }


def _entry(entry: Mapping[str, Any], book: Words) -> dict[str, Any]:
    desk = str(entry.get("desk") or "")
    return {
        "on": _short(entry.get("on"), book),
        "desk": book.labels.get(f"desk-{desk}", _say(desk, book)),
        "what": _say(entry.get("what"), book),
        "amount": _say(entry.get("amount"), book),
        "link": _link(entry.get("link")),
        "also": _links(entry, book),
    }


def _newest(entries: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The newest day first; of one day, what was told last."""
    return sorted(entries, key=lambda entry: str(entry.get("on") or ""))[::-1]


def _say(value: Any, book: Words) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        return book.figures.money(value.amount, value.currency)
    if isinstance(value, date):
        return book.figures.day(value)
    if isinstance(value, Decimal):
        return book.figures.amount(value)
    return clean(str(value))


def _short(value: Any, book: Words) -> str:
    return book.figures.short(value) if isinstance(value, date) else _say(value, book)


def _links(told: Mapping[str, Any], book: Words) -> list[tuple[str, str]]:
    return [(_say(label, book), _link(address)) for label, address in told.get("also", ()) if _link(address)]


def _link(address: Any) -> str:
    """Keep a link to a file beside the page, to a site or to a mailbox; drop any other, such as a script."""
    text = clean(str(address or ""))
    if text.lower().startswith(_LINKS):
        return text
    return "" if ":" in text.partition("/")[0] or text.startswith("//") else text
