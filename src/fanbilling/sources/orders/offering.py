"""The desk of prices and quotations: what we ask for, and what we offer to whom."""

from __future__ import annotations

from datetime import date

import attrs

from ...domain.administrations import Seller
from ...domain.errors import Conflict
from ...domain.papers import Paper
from ...domain.parties import Party
from ...domain.periods import a_day
from ...domain.ports.storage import Shelf, ours
from . import quoting
from .orders import Order
from .papers import quotation_paper
from .prices import PriceRule
from .products import Product
from .quotations import Quotation
from .stock import StockDesk
from .writing import changed


@attrs.frozen
class QuotationsDesk(StockDesk):
    """Keeps prices and quotations; the part of the desk of orders that comes before an order.

    Args:
        administration: whose books it works in; an office fills it in, and then the desk refuses others.
        accounts: by which chart the stock is booked.
    """

    def set_price(self, store: Shelf, rule: PriceRule, *, on: date) -> None:
        """Put a price on the list. Of a price that is on it only the last day can change.

        Raises:
            NotFound: when the product or the client is not registered.
            Conflict: when the id stands for another price.
        """
        a_day(on, where="on")
        known = ours(store, self.administration).hold(PriceRule, [rule.id]).get(rule.id)
        if known is None:
            store.get(Product, rule.product)
            if rule.client:
                store.get(Party, rule.client)
            store.add(attrs.evolve(rule, known=rule.known or on))
            return
        after = attrs.evolve(rule, known=rule.known or known.known)
        if attrs.evolve(after, until=known.until) != known:
            raise Conflict("it stands for another price", where=f"price {rule.id}", remedy="end it, and add a new one")
        if after != known:
            store.replace(known, after)

    def quote(self, store: Shelf, quotation: Quotation, *, on: date) -> None:
        """Make a quotation, at the prices of its day.

        Raises:
            NotFound: when the client is not registered, or there is nothing of which it is an alternative.
            InvalidValue: when a product is not known.
            RuleViolation: when there is no price, or another variant was accepted.
            Conflict: when the id stands for another quotation.
        """
        a_day(on, where="on")
        quoting.quoted(ours(store, self.administration), quotation, on=on)

    def send(self, store: Shelf, id: str, *, on: date) -> None:
        """Say that a quotation was sent to the client.

        Raises:
            NotFound: when there is none.
            RuleViolation: when it was decided about.
        """
        quoting.sent(ours(store, self.administration), id, on=on)

    def accept(self, store: Shelf, id: str, *, on: date, order: str = "") -> Order:
        """Make an order of a quotation, as it stands; its other variants are rejected.

        Args:
            order: the id of the order; absent means that of the quotation.

        Raises:
            NotFound: when there is none.
            RuleViolation: when it was not sent, does not hold any more, or another variant was accepted.
            Conflict: when it became another order, or the id stands for another order.
        """
        a_day(on, where="on")
        new = quoting.accepted(ours(store, self.administration), id, order or id, on=on)
        if new is None:
            return store.get(Order, order or id)
        if store.get_many(Order, [new.id]):
            raise Conflict("it stands for another order", where=f"order {new.id}", remedy="give the order another id")
        changed(store, new, "ordered", on=on, since=new.on)
        store.add(new)
        return new

    def reject(self, store: Shelf, id: str, *, reason: str, on: date) -> None:
        """Say that the client does not want it, and why.

        Raises:
            NotFound: when there is none.
            InvalidValue: when no reason is given.
            RuleViolation: when it was decided about before.
        """
        quoting.rejected(ours(store, self.administration), id, reason=reason, on=on)

    def expire(self, store: Shelf, id: str, *, on: date) -> None:
        """Say that a quotation does not hold any more, after its last day.

        Raises:
            NotFound: when there is none.
            RuleViolation: when it still holds, or it was decided about.
        """
        quoting.expired(ours(store, self.administration), id, on=on)

    def quotation_paper(self, store: Shelf, id: str, *, seller: Seller) -> Paper:
        """Return a quotation as it is printed: its lines, the VAT of its day per rate, and the total.

        Raises:
            NotFound: when there is none.
        """
        quotation = ours(store, self.administration).get(Quotation, id)
        return quotation_paper(quotation, store.get(Party, quotation.client), seller)
