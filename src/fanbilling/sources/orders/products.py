"""What is bought, kept, assembled and sold."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

import attrs

from ...domain.errors import InvalidValue, RuleViolation
from ...domain.exact import exact
from ...domain.money import places
from ...domain.ports.storage import Shelf
from ...domain.records import record
from ...domain.texts import a_text, an_id, one_of
from ...domain.vat import Supply, TaxClass, to_tax_class

#: How long an id may be that becomes a part of another one.
LONGEST_NAME = 100


class ProductKind(StrEnum):
    """What a product is: goods, a service, or a kit that is sold as one thing and delivered as its parts."""

    GOODS = "goods"
    SERVICE = "service"
    KIT = "kit"


class Method(StrEnum):
    """How the cost of what leaves the stock is found: the moving average, or first in, first out."""

    AVERAGE = "average"
    FIFO = "fifo"


def to_product_kind(word: ProductKind | str) -> ProductKind:
    """Turn a word into a kind of product, or refuse it."""
    return one_of(ProductKind, word)


def to_method(word: Method | str) -> Method:
    """Turn a word into a method of valuation, or refuse it."""
    return one_of(Method, word)


@attrs.frozen(kw_only=True)
class Component:
    """A product that goes into another one, and how much of it goes into one.

    Raises:
        InvalidValue: for an id that is none, or a quantity that is not above zero.
    """

    product: str
    quantity: Decimal = attrs.field(default=Decimal(1), converter=exact)

    def __attrs_post_init__(self) -> None:
        """Refuse a part of which nothing is needed."""
        an_id(self.product, where="component")
        if self.quantity <= 0:
            raise InvalidValue(
                f"a quantity of {self.quantity}", where=f"component {self.product}", remedy="use more than zero"
            )


@record("orders.product", keys=("kind",))
@attrs.frozen(kw_only=True)
class Product:
    """A product: goods that may be kept in stock, a service, or a kit.

    Args:
        id: the caller's own id, of at most 100 characters.
        text: what it is, in the client's words.
        unit: its UN/ECE code: ``C62`` one, ``KGM`` kilogram, ``MTR`` metre.
        method: how its stock is valued; it cannot change once something was moved.
        stocked: whether quantity and value are kept; only goods are.
        currency: in which its stock is valued.
        components: what one of it is made of (the bill of materials), or what a kit is delivered as.

    Raises:
        InvalidValue: for a product that could not be printed or kept.
    """

    id: str
    text: str
    unit: str = "C62"
    tax_class: TaxClass = attrs.field(default=TaxClass.STANDARD, converter=to_tax_class)
    kind: ProductKind = attrs.field(default=ProductKind.GOODS, converter=to_product_kind)
    method: Method = attrs.field(default=Method.AVERAGE, converter=to_method)
    stocked: bool = True
    currency: str = "EUR"
    components: tuple[Component, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse a product without a name, and a kit of nothing."""
        where = f"product {a_name(self.id, where='product')}"
        a_text(self.text, where=f"{where}, text", needed=True)
        an_id(self.unit, where=f"{where}, unit")
        places(self.currency)
        if self.kind is ProductKind.KIT and not self.components:
            raise InvalidValue("a kit of nothing", where=where, remedy="name its components")
        if self.id in self.parts:
            raise InvalidValue("it is a part of itself", where=where, remedy="take it out of its components")

    @property
    def supply(self) -> Supply:
        """Whether goods or services are sold."""
        return Supply.SERVICES if self.kind is ProductKind.SERVICE else Supply.GOODS

    @property
    def in_stock(self) -> bool:
        """Whether quantity and value of it are kept."""
        return self.stocked and self.kind is ProductKind.GOODS

    @property
    def parts(self) -> tuple[str, ...]:
        """The products that it is made of, each once, in the order of their ids."""
        return tuple(sorted({component.product for component in self.components}))


def a_name(text: str, *, where: str) -> str:
    """Return an id that is short enough to become a part of another one, or refuse it.

    Raises:
        InvalidValue: for anything else.
    """
    if len(an_id(text, where=where)) > LONGEST_NAME:
        raise InvalidValue(f"an id of {len(text)} characters", where=where, remedy=f"use at most {LONGEST_NAME}")
    return text


def refuse_circles(store: Shelf, product: Product) -> None:
    """Refuse a product that is made of itself by way of its parts, or of parts that nobody knows.

    The parts are held on the way down, so that nobody closes a circle from the other side.

    Raises:
        InvalidValue: when a part is not registered.
        RuleViolation: when it would be a part of itself.
    """
    seen: set[str] = set()
    wanted = set(product.parts)
    while wanted:
        found: Mapping[str, Product] = store.hold(Product, sorted(wanted))
        if missing := sorted(wanted - found.keys()):
            raise InvalidValue(
                f"part {missing[0]!r} is not known", where=f"product {product.id}", remedy="register the part first"
            )
        seen |= wanted
        wanted = {part for one in found.values() for part in one.parts} - seen
        if product.id in wanted:
            raise RuleViolation(
                "it would be a part of itself", where=f"product {product.id}", remedy="break the circle of parts"
            )
