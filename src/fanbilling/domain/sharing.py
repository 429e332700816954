"""How the VAT of a document is shared out over its lines, so that it is conserved to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .billed import Billed, Part, left, vat_left
from .exact import EXACT, ZERO, exactly, rounded
from .items import ItemKey
from .vat import Tax


@exactly
def vat_shares(parts: Sequence[Part], billed: Billed, decimals: int) -> list[Decimal]:
    """Return each part's share of the VAT of the document that they make.

    The VAT on new lines is rate × their sum, rounded once per category and rate; each line gets the growth that it
    brings to that rounded sum, so the shares add up whatever their signs. A reversal takes its part of what is left
    of its line's VAT, and the last one all that is left.

    Args:
        billed: everything that was billed on the keys of the parts.
        decimals: those of the currency.
    """
    sums: dict[Tax, Decimal] = {}
    taken: dict[ItemKey, tuple[dict[int, Decimal], dict[int, Decimal]]] = {}
    shares = []
    for part in parts:
        tax, amount = part.terms.tax, part.lot.amount
        if part.reverses is None:
            before = sums.get(tax, ZERO)
            sums[tax] = before + amount
            shares.append(_rate(sums[tax], tax, decimals) - _rate(before, tax, decimals))
            continue
        if part.key not in taken:
            entries = billed[part.key]
            taken[part.key] = ({r: lot.amount for r, lot in left(entries).items()}, vat_left(entries))
        nets, vats = taken[part.key]
        whole, vat = nets[part.reverses], vats[part.reverses]
        share = -vat if amount == -whole else rounded(EXACT.divide(vat * amount, whole), decimals)
        nets[part.reverses] += amount
        vats[part.reverses] += share
        shares.append(share)
    return shares


def _rate(base: Decimal, tax: Tax, decimals: int) -> Decimal:
    return rounded(base * tax.rate / 100, decimals)
