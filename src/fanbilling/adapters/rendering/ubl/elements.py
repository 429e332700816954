"""Elements of UBL as plain values, and how they become bytes: none is ever empty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import attrs
from lxml import etree

from ....domain.exact import rounded
from ....domain.money import places
from ..plain import one_line

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_SPACES: dict[str | None, str] = {"cac": f"{_UBL}CommonAggregateComponents-2", "cbc": f"{_UBL}CommonBasicComponents-2"}

#: The only two signs that a text may hold here and XML may not.
_NOT_IN_XML = {0xFFFE: None, 0xFFFF: None}

#: EN 16931 has no room for a third decimal (BR-DEC).
MOST_DECIMALS = 2


@attrs.frozen(kw_only=True)
class Element:
    """One element: with a text, or with other elements."""

    name: str
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Element, ...] = ()


def printable(text: str) -> str:
    """Return a text on one line, of signs that XML can hold."""
    return one_line(text.translate(_NOT_IN_XML))


def cbc(name: str, value: str | date, **attributes: str) -> Element | None:
    """Return an element with a text, or nothing when there is no text."""
    text = printable(value if isinstance(value, str) else value.isoformat())
    if not text:
        return None
    return Element(
        name=f"cbc:{name}", text=text, attributes=tuple((key, said) for key, said in attributes.items() if said)
    )


def cac(name: str, *children: Element | None) -> Element | None:
    """Return an element with others in it, or nothing when there are none."""
    kept = tuple(child for child in children if child is not None)
    return Element(name=f"cac:{name}", children=kept) if kept else None


def amount(name: str, value: Decimal, currency: str) -> Element | None:
    """Return an amount with the decimals of its currency, as far as there is room; nothing is rounded away."""
    room = rounded(value, min(places(currency), MOST_DECIMALS))
    text = f"{room or abs(room):f}" if room == value else f"{value:f}"
    return cbc(name, text, currencyID=currency)


def plain(number: Decimal) -> str:
    """Write a quantity, a price or a rate with just the decimals that it has."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def written(root: tuple[str, Iterable[Element | None]]) -> bytes:
    """Write a document: the same elements always as the same bytes."""
    name, children = root
    space = f"{_UBL}{name}-2"
    top = etree.Element(f"{{{space}}}{name}", nsmap=_SPACES | {None: space})
    for child in children:
        if child is not None:
            _add(top, child)
    content: bytes = etree.tostring(top, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return content


def _add(parent: etree._Element, element: Element) -> None:
    prefix, _, name = element.name.partition(":")
    made = etree.SubElement(parent, f"{{{_SPACES[prefix]}}}{name}", dict(element.attributes))
    if element.text:
        made.text = element.text
    for child in element.children:
        _add(made, child)
