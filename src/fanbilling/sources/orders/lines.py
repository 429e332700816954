"""The lines of quotations and orders: what is sold, how much of it, and at which price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

import attrs

from ...domain.errors import InvalidValue, RuleViolation
from ...domain.exact import EXACT, ZERO, exact
from ...domain.items import Price
from ...domain.periods import a_day
from ...domain.ports.sourcing import Reading
from ...domain.reasons import Reason
from ...domain.records import ERASED
from ...domain.texts import a_text, an_id, one_of
from ...domain.vat import Supply, TaxClass
from .prices import list_price, rules_for
from .products import Product

#: How long the id of a line may be, which becomes a part of others.
LONGEST = 60
_HUNDRED = Decimal(100)


class Billed(StrEnum):
    """When a service or a charge is due: when it is ordered, or with the first delivery."""

    ORDER = "order"
    DELIVERY = "delivery"


def to_billed(word: Billed | str) -> Billed:
    """Turn a word into when a service is due, or refuse it."""
    return one_of(Billed, word)


def _to_tax_class(word: TaxClass | str | None) -> TaxClass | None:
    return None if word is None else one_of(TaxClass, word)


def _to_supply(word: Supply | str | None) -> Supply | None:
    return None if word is None else one_of(Supply, word)


def _exact_or_none(number: Decimal | int | str | None) -> Decimal | None:
    return None if number is None else exact(number)


@attrs.frozen(kw_only=True)
class PriceCorrection:
    """A price that was agreed anew: on which day, what it was before, and why."""

    on: date
    was: Decimal
    discount: Decimal
    reason: str


@attrs.frozen(kw_only=True)
class OrderLine:
    """One line of a quotation or an order: a product of ours, or something else in words.

    Goods are delivered, and due when they are; a service or a charge is due as ``billed`` says.

    Args:
        id: the caller's own id, unique within the order; at most 60 characters, without a slash.
        product: the product; empty means something that only a text describes.
        text: what it is, in the client's words; empty means that of the product.
        price: of one unit, excluding VAT and before the discount; absent means as the price list says on that day.
        discount: in percent of the price.
        unit: its UN/ECE code; empty means that of the product.
        tax_class, supply: absent means those of the product; without one, a standard-rated service.
        because: why the price is what it is, sealed when it is agreed; the desk gives it.
        cancelled: how much of it will not come after all; the desk gives it.
        cancelled_because: why.
        corrections: prices that were agreed anew; the desk gives them.

    Raises:
        InvalidValue: for a line that could not be delivered, printed or billed.
    """

    id: str
    product: str = ""
    text: str = ""
    quantity: Decimal = attrs.field(default=Decimal(1), converter=exact)
    price: Decimal | None = attrs.field(default=None, converter=_exact_or_none)
    discount: Decimal = attrs.field(default=ZERO, converter=exact)
    unit: str = ""
    tax_class: TaxClass | None = attrs.field(default=None, converter=_to_tax_class)
    supply: Supply | None = attrs.field(default=None, converter=_to_supply)
    billed: Billed = attrs.field(default=Billed.DELIVERY, converter=to_billed)
    because: Reason | None = None
    cancelled: Decimal = attrs.field(default=ZERO, converter=exact)
    cancelled_because: str = ""
    corrections: tuple[PriceCorrection, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse a line of nothing, a price below zero, and a discount of more than everything."""
        where = f"line {a_line(self.id, where='line')}"
        for text in (self.text, self.unit, self.product, self.cancelled_because):
            a_text(text, where=where)
        if not self.product and not self.text.strip():
            raise InvalidValue("it sells nothing", where=where, remedy="name a product, or say what it is")
        if self.quantity <= 0:
            raise InvalidValue(f"a quantity of {self.quantity}", where=where, remedy="use more than zero")
        if self.price is not None:
            net_price(self.price, self.discount, where=where)
        if not ZERO <= self.discount <= _HUNDRED:
            raise InvalidValue(f"a discount of {self.discount}%", where=where, remedy="use a percentage from 0 to 100")

    @property
    def net(self) -> Price:
        """The price of one unit with the discount taken off, exact."""
        return Price(net_price(self.price or ZERO, self.discount, where=f"line {self.id}"), unit=self.unit)

    @property
    def goods(self) -> bool:
        """Whether it has to be delivered."""
        return self.supply is Supply.GOODS

    @property
    def wanted(self) -> Decimal:
        """How much of it was ordered and not cancelled."""
        return EXACT.subtract(self.quantity, self.cancelled)

    @property
    def on_order(self) -> bool:
        """Whether it is due because it was ordered, and not because it was delivered."""
        return not self.goods and self.billed is Billed.ORDER

    def why_price(self) -> Reason:
        """Say why one unit has its net price: what was agreed, what was agreed anew, and the discount."""
        because = self.because or Reason("price.agreed", self.price)
        if self.corrections:
            last = self.corrections[-1]
            facts = (("was", last.was), ("on", last.on), ("why", last.reason))
            because = Reason("price.corrected", self.price, facts, (because,))
        if not self.discount:
            return because
        figures = (("price", self.price), ("discount", self.discount))
        return Reason("price.discounted", self.net.amount, figures, (because,))


def net_price(price: Decimal, discount: Decimal, *, where: str) -> Decimal:
    """Return a price with a percentage taken off, not rounded: 12.50 less 5% is 11.875.

    Raises:
        InvalidValue: for a price below zero, or so fine that it could not be printed.
    """
    if price < 0:
        raise InvalidValue(f"a price of {price}", where=where, remedy="use zero or more")
    if not discount:
        return price
    net = EXACT.divide(EXACT.multiply(price, EXACT.subtract(_HUNDRED, discount)), _HUNDRED)
    plain = EXACT.normalize(exact(net, where=f"{where}, net price"))
    return plain if -int(plain.as_tuple().exponent) > 2 else EXACT.quantize(plain, Decimal("0.01"))


def a_line(text: str, *, where: str) -> str:
    """Return the id of a line, or refuse one that is too long or has a slash: that stands after it in a key.

    Raises:
        InvalidValue: for anything else.
    """
    if len(an_id(text, where=where)) > LONGEST or "/" in text:
        raise InvalidValue(
            f"{text!r} is no id of a line", where=where, remedy=f"use at most {LONGEST}, without a slash"
        )
    return text


def checked_lines(lines: Iterable[OrderLine], *, where: str) -> tuple[OrderLine, ...]:
    """Return lines as somebody gives them: at least one, each with an id of its own, and nothing that the desk gives.

    Raises:
        InvalidValue: when it is otherwise.
    """
    given = tuple(lines)
    ids = [line.id for line in given]
    if not ids or len(set(ids)) < len(ids):
        raise InvalidValue(
            f"lines {', '.join(ids) or '(none)'}", where=where, remedy="give at least one, each with an id of its own"
        )
    for line in given:
        if line.because is not None or line.cancelled or line.cancelled_because or line.corrections:
            raise InvalidValue(
                "it says what only the desk can say", where=f"{where}, line {line.id}", remedy="leave that out"
            )
    return given


def agreed(
    reading: Reading, lines: Iterable[OrderLine], *, client: str, currency: str, on: date, where: str
) -> tuple[OrderLine, ...]:
    """Return lines as they are agreed: with the words and taxes of their products, and prices that are fixed.

    Raises:
        InvalidValue: when a product is not known.
        RuleViolation: when there is no price.
    """
    a_day(on, where=where)
    given = checked_lines(lines, where=where)
    ids = {line.product for line in given if line.product}
    products: Mapping[str, Product] = reading.get_many(Product, ids)
    if unknown := sorted(ids - products.keys()):
        raise InvalidValue(f"product {unknown[0]!r} is not known", where=where, remedy="register it first")
    rules = rules_for(reading, [line.product for line in given if line.product and line.price is None], client)
    sealed = []
    for line in given:
        because = Reason("price.agreed", line.price) if line.price is not None else None
        if because is None and line.product:
            because = list_price(
                rules, product=line.product, client=client, quantity=line.quantity, currency=currency, on=on
            )
        if because is None:
            raise RuleViolation(
                f"there is no price on {on}", where=f"{where}, line {line.id}", remedy="give one, or add it to the list"
            )
        sealed.append(_sealed(line, products.get(line.product), because))
    return tuple(sealed)


def _sealed(line: OrderLine, product: Product | None, because: Reason) -> OrderLine:
    price = because.value
    return attrs.evolve(
        line,
        text=line.text or (product.text if product else ""),
        unit=line.unit or (product.unit if product else "C62"),
        tax_class=line.tax_class or (product.tax_class if product else TaxClass.STANDARD),
        supply=line.supply or (product.supply if product else Supply.SERVICES),
        price=price if isinstance(price, Decimal) else line.price,
        because=because,
    )


def same_lines(given: Iterable[OrderLine], kept: Iterable[OrderLine]) -> bool:
    """Whether lines that somebody gives are those from which the kept ones were agreed."""
    mine, theirs = list(given), list(kept)
    return len(mine) == len(theirs) and all(_same(*pair) for pair in zip(mine, theirs, strict=True))


def _same(given: OrderLine, kept: OrderLine) -> bool:
    """Whether everything that was given is what was agreed first; what was left out can be anything."""
    first = kept.corrections[0] if kept.corrections else None
    listed = kept.because is not None and kept.because.rule == "price.list"
    price, discount = (first.was, first.discount) if first else (kept.price, kept.discount)
    if listed is not (given.price is None) or (given.price is not None and given.price != price):
        return False
    exactly = (given.id, given.product, given.quantity, given.discount, given.billed)
    words = ((given.text, kept.text), (given.unit, kept.unit), (given.supply, kept.supply))
    return exactly == (kept.id, kept.product, kept.quantity, discount, kept.billed) and all(
        not mine or mine == theirs for mine, theirs in (*words, (given.tax_class, kept.tax_class))
    )


def without_words(lines: tuple[OrderLine, ...]) -> tuple[OrderLine, ...]:
    """Return lines that no longer say why they were cancelled, or priced anew."""
    return tuple(
        attrs.evolve(
            line,
            cancelled_because=ERASED if line.cancelled_because else "",
            corrections=tuple(attrs.evolve(one, reason=ERASED) for one in line.corrections),
        )
        for line in lines
    )
