"""Papers: every amount on them is found in its reason, and a row fits under its columns."""

from datetime import date
from decimal import Decimal

import pytest

from fanbilling.domain.administrations import Seller
from fanbilling.domain.errors import InvalidValue
from fanbilling.domain.papers import Column, Figure, Paper, Row, Table
from fanbilling.domain.parties import Address
from fanbilling.domain.reasons import Reason

HOURS = (Column("day", Figure.DAY), Column("hours", Figure.NUMBER), Column("amount", Figure.MONEY))
WHY = Reason("hours.worked", Decimal("380.00"), (("hours", Decimal(4)), ("rate", Decimal("95.00"))))


def paper(*rows, total=None):
    return Paper(
        id="p1",
        kind="hours-report",
        on=date(2026, 3, 1),
        language="en",
        currency="EUR",
        seller=Seller(name="Us", address=Address(country="NL")),
        tables=(Table(name="hours", columns=HOURS, rows=rows, total=total),),
    )


def row(amount, because):
    return Row(cells=(date(2026, 2, 3), Decimal(4), Decimal(amount)), because=because)


def test_an_amount_is_explained_by_a_figure_of_its_reason():
    assert paper(row("380.00", WHY)).unexplained() == []
    assert paper(row("380.00", Reason("sum", Decimal(1), (), (WHY,)))).unexplained() == []


@pytest.mark.parametrize("because", [None, Reason("hours.worked", Decimal("379.99"))], ids=["none", "another figure"])
def test_an_amount_without_its_reason_is_told(because):
    assert paper(row("380.00", because)).unexplained() == [("amount", Decimal("380.00"))]
    assert paper(total=row("380.00", because)).unexplained() == [("amount", Decimal("380.00"))]


def test_a_row_has_a_cell_for_every_column():
    with pytest.raises(InvalidValue, match="2 cells under 3 columns"):
        paper(Row(cells=(None, None)))


def test_a_paper_in_a_language_without_words_is_refused():
    with pytest.raises(InvalidValue, match="no papers are written in 'xx'"):
        Paper(
            id="p1",
            kind="stock",
            on=date(2026, 3, 1),
            language="xx",
            currency="EUR",
            seller=Seller(name="Us", address=Address(country="NL")),
        )
