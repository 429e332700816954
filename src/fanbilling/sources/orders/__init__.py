"""Orders: what a client buys, from quotation to delivery, and the stock that it comes from."""

from .assembly import Assembly
from .deliveries import Delivery, DeliveryLine, Return, ReturnLine
from .desk import OrdersDesk
from .levels import StockLevel, corrections, levels
from .lines import Billed, OrderLine
from .moves import MoveKind, StockCount, StockMove
from .orders import Order, OrderState
from .prices import PriceRule
from .products import Component, Method, Product, ProductKind
from .quotations import Quotation, QuotationState
from .source import Orders
from .stock import StockDesk

__all__ = [
    "Assembly",
    "Billed",
    "Component",
    "Delivery",
    "DeliveryLine",
    "Method",
    "MoveKind",
    "Order",
    "OrderLine",
    "OrderState",
    "Orders",
    "OrdersDesk",
    "PriceRule",
    "Product",
    "ProductKind",
    "Quotation",
    "QuotationState",
    "Return",
    "ReturnLine",
    "StockCount",
    "StockDesk",
    "StockLevel",
    "StockMove",
    "corrections",
    "levels",
]
