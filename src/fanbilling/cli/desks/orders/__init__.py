"""Orders and stock in an exchange folder: what is sold, offered, ordered, delivered, received and assembled."""

from __future__ import annotations

from typing import Any, Final

from ....sources.orders import Orders
from ...columns import Wrong
from ...importing import Import
from ...tables import Folder, Found, Index, Table
from ..files import DeskFiles, Due, Names
from .delivering import DELIVERIES, deliveries, of_an_order
from .ordering import ORDERS, changes, import_orders, one_order
from .papers import papers
from .products import PRICES, PRODUCTS, import_prices, import_products, known_parts
from .quoting import QUOTATIONS, accepted, import_quotations, one_quotation
from .receiving import ASSEMBLIES, RECEIPTS, assemblies, of_products, receipts
from .steps import carry_out


def _check(index: Index) -> Found:
    yield from known_parts(index)
    yield from one_quotation(index)
    yield from one_order(index)
    yield from of_an_order(index)
    yield from of_products(index)


def _import(work: Import, folder: Folder) -> None:
    """Bring the books to what the rows say: first what is agreed, then what happened, in the order it became known."""
    import_products(work, folder)
    import_prices(work, folder)
    import_quotations(work, folder)
    import_orders(work, folder)
    steps = (receipts, assemblies, deliveries, changes)
    carry_out(work, [step for one in steps for step in one(work, folder)])


def _named(index: Index, table: Table[Any], row: Names) -> Found:
    """A row names a delivered line with the day of its delivery, or a line that is due on order with the order's."""
    quotation = accepted(index.folder).get(row.agreement)
    if quotation is None and index.first(ORDERS, row.agreement) is None:
        yield from index.refer(table, row, "agreement", ORDERS, row.agreement)
        return
    line, _, delivery = row.fact.partition("/")
    if index.first(ORDERS, row.agreement, line) is None and (
        quotation is None or index.first(QUOTATIONS, quotation.quotation, line) is None
    ):
        yield table, row, "fact", Wrong("The order has no such line.", "Write the line, a slash and the delivery.")
        return
    if not delivery:
        order = index.first(ORDERS, row.agreement)
        day = order.date if order is not None else quotation and quotation.decided
    else:
        came = index.first(DELIVERIES, delivery)
        if came is None or came.order != row.agreement or came.returns:
            yield table, row, "fact", Wrong("The order has no such delivery.", "Write one as in deliveries.csv.")
            return
        day = came.date
    if row.filed != day:
        what = "delivery" if delivery else "order"
        yield table, row, "filed", Wrong(f"The {what} has another date.", f"Write {day}.")


ORDERED: Final = DeskFiles(
    source=Orders(),
    tables=(ORDERS, PRODUCTS, PRICES, QUOTATIONS, DELIVERIES, RECEIPTS, ASSEMBLIES),
    check=_check,
    carry_out=_import,
    due=Due(
        agreement="order",
        fact="Line of the order, a slash and the delivery; of what is due on order the line alone",
        filed="Day of the delivery, or of the order",
        check=_named,
    ),
    papers=papers,
)
