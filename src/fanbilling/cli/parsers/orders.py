"""The command that shows what is in stock: stock."""

from __future__ import annotations

from .words import Commands, command, day, folder, json


def register(commands: Commands) -> None:
    """Add it."""
    stock = command(commands, "stock", "desks.orders.stock:stock", "show what is in stock, and what it is worth")
    folder(stock)
    stock.add_argument("--on", type=day, metavar="DATE", help="at the end of this day; else after everything")
    stock.add_argument("--product", default="", metavar="ID", help="one product, with its moves and what each cost")
    json(stock)
