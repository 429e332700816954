"""Assembly and disassembly: parts become a product, a product becomes its parts, and no cent is lost between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from ...domain.errors import ForeignCurrency, InvalidValue, NotFound, RuleViolation
from ...domain.exact import EXACT, ZERO, exact, exactly, rounded
from ...domain.money import Money, places
from ...domain.periods import a_day
from ...domain.records import record
from ...domain.texts import an_id
from .holdings import Holding
from .moves import MAIN, MoveKind, Portion, StockMove, a_place
from .products import Component, Product, a_name

_ALL = Portion(start=ZERO, end=Decimal(1), of=Decimal(1))


def _shares(shares: Sequence[Decimal | int | str]) -> tuple[Decimal, ...]:
    return tuple(exact(share, where="share") for share in shares)


@record("orders.assembly", keys=("product", "on"))
@attrs.frozen(kw_only=True)
class Assembly:
    """A quantity of a product that was put together from its parts on a day, or taken apart into them.

    Args:
        id: the caller's own id; the moves that it makes are called after it.
        quantity: how many were made or taken apart.
        components: what goes into one, or comes out of one; absent means its bill of materials.
        added: what is added to the cost of the parts: labour and overhead.
        shares: for taking apart, how the cost is split over the components, one for each; absent means by what the
            parts are worth in stock.
        apart: whether it was taken apart.

    Raises:
        InvalidValue: when nothing is made, or the shares do not fit the components.
    """

    id: str
    product: str
    place: str = MAIN
    on: date
    quantity: Decimal = attrs.field(default=Decimal(1), converter=exact)
    components: tuple[Component, ...] = ()
    added: Money | None = None
    shares: tuple[Decimal, ...] = attrs.field(default=(), converter=_shares)
    apart: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse to make nothing."""
        where = f"assembly {an_id(self.id, where='assembly')}"
        a_name(self.product, where=f"{where}, product")
        a_place(self.place, where=f"{where}, place")
        a_day(self.on, where=where)
        if self.quantity <= 0:
            raise InvalidValue(f"a quantity of {self.quantity}", where=where, remedy="use more than zero")
        if self.shares and (any(share < 0 for share in self.shares) or not any(self.shares)):
            raise InvalidValue("nothing to split by", where=where, remedy="give shares of zero or more, one above zero")
        if self.product in {component.product for component in self.components}:
            raise InvalidValue("it is a part of itself", where=where, remedy="take it out of its components")
        if self.added is not None and self.added.amount < 0:
            raise InvalidValue(f"{self.added} is added", where=where, remedy="use zero or more")


def parts_of(assembly: Assembly, product: Product) -> tuple[Component, ...]:
    """Return what goes into the whole quantity, or comes out of it.

    Raises:
        RuleViolation: when nobody ever said what it is made of.
    """
    components = assembly.components or product.components
    if not components:
        raise RuleViolation(
            f"nobody said what {product.id} is made of",
            where=f"assembly {assembly.id}",
            remedy="give its components, or those of the product",
        )
    return tuple(
        attrs.evolve(component, quantity=EXACT.multiply(component.quantity, assembly.quantity))
        for component in components
    )


def put_together(assembly: Assembly, parts: Sequence[Component]) -> list[StockMove]:
    """Return the moves of an assembly: the parts out, and the product in at what they cost and what is added."""
    first = _numbered(assembly, 1)
    made = Component(product=assembly.product, quantity=assembly.quantity)
    moves = [_move(assembly, _numbered(assembly, n), part, first) for n, part in enumerate(parts, 1)]
    moves[0] = attrs.evolve(moves[0], amount=assembly.added)
    return [*moves, _move(assembly, assembly.id, made, first, portion=_ALL)]


@exactly
def taken_apart(
    assembly: Assembly, parts: Sequence[Component], holdings: Mapping[str, Holding], currency: str
) -> list[StockMove]:
    """Return the moves of a disassembly: the product out, the parts in, each at its share of the cost.

    Args:
        holdings: what there is of each part, by which the cost is split where no shares are given.

    Raises:
        InvalidValue: when there are not as many shares as parts.
        RuleViolation: when nobody knows what the parts are worth.
    """
    shares = assembly.shares or _by_value(assembly, parts, holdings, places(currency))
    if len(shares) != len(parts):
        raise InvalidValue(
            f"{len(shares)} shares for {len(parts)} parts", where=f"assembly {assembly.id}", remedy="give one for each"
        )
    whole = Component(product=assembly.product, quantity=assembly.quantity)
    moves = [attrs.evolve(_move(assembly, assembly.id, whole, assembly.id), amount=assembly.added)]
    start, of = ZERO, sum(shares, ZERO)
    for n, (part, weight) in enumerate(zip(parts, shares, strict=True), 1):
        portion = Portion(start=start, end=start + weight, of=of)
        moves.append(_move(assembly, _numbered(assembly, n), part, assembly.id, portion=portion))
        start += weight
    return moves


def refuse_mixed(assembly: Assembly, parts: Sequence[Component], products: Mapping[str, Product]) -> None:
    """Refuse parts that nobody knows, or that are valued in another currency than the product.

    Raises:
        NotFound: when a part or the product is not registered.
        ForeignCurrency: when they are valued in several currencies.
    """
    for id in (assembly.product, *(part.product for part in parts)):
        if id not in products:
            raise NotFound("there is none", where=f"product {id}", remedy="register the product first")
    currency = products[assembly.product].currency
    for part in parts:
        if products[part.product].currency != currency:
            raise ForeignCurrency(
                f"{part.product} is valued in {products[part.product].currency}, {assembly.product} in {currency}",
                where=f"assembly {assembly.id}",
                remedy="value all of them in one currency",
            )


def _by_value(
    assembly: Assembly, parts: Sequence[Component], holdings: Mapping[str, Holding], decimals: int
) -> tuple[Decimal, ...]:
    """Return what the parts are worth at what those in stock cost on average."""
    weights = []
    for part in parts:
        holding = holdings.get(part.product)
        if holding is None or not holding.amount:
            raise RuleViolation(
                f"nobody knows what {part.product} is worth: there is none in stock",
                where=f"assembly {assembly.id}",
                remedy="give shares",
            )
        weights.append(rounded(holding.amount * part.quantity / holding.quantity, decimals))
    if not any(weights):
        raise RuleViolation("its parts are worth nothing", where=f"assembly {assembly.id}", remedy="give shares")
    return tuple(weights)


def _numbered(assembly: Assembly, n: int) -> str:
    return f"{assembly.id}/{n}"


def _move(assembly: Assembly, id: str, part: Component, origin: str, *, portion: Portion | None = None) -> StockMove:
    """Return a move of an assembly: in with its portion of the cost, or else out."""
    return StockMove(
        id=id,
        kind=MoveKind.ASSEMBLY_OUT if portion is None else MoveKind.ASSEMBLY_IN,
        product=part.product,
        place=assembly.place,
        on=assembly.on,
        quantity=part.quantity,
        origin=origin,
        about=assembly.id,
        portion=portion,
    )
