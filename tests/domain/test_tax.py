"""VAT: category and rate of a supply, and how an item gets its terms."""

from datetime import date
from decimal import Decimal

import attrs
import pytest

from fanbilling.domain.dated import Dated
from fanbilling.domain.errors import NotFound, RuleViolation
from fanbilling.domain.parties import Party, TaxPosition
from fanbilling.domain.terms import Conditions
from fanbilling.domain.vat import Supply, Tax, TaxClass, category, rule, tax
from tests.laws.engine import ACROSS, thing

GOODS, SERVICES = Supply.GOODS, Supply.SERVICES
DAY = date(2026, 3, 1)
BUYERS = {
    "at home": TaxPosition(country="NL"),
    "business at home": TaxPosition(country="NL", business=True, vat_id="NL1"),
    "business in the Union": TaxPosition(country="BE", business=True, vat_id="BE1"),
    "business without number": TaxPosition(country="BE", business=True),
    "consumer in the Union": TaxPosition(country="DE"),
    "business outside": TaxPosition(country="CH", business=True),
    "consumer outside": TaxPosition(country="US"),
}


@pytest.mark.parametrize(
    ("tax_class", "supply", "buyer", "found", "why"),
    [
        (TaxClass.STANDARD, SERVICES, "at home", "S", "vat.domestic"),
        (TaxClass.REDUCED, GOODS, "business at home", "S", "vat.domestic"),
        (TaxClass.STANDARD, SERVICES, "business in the Union", "AE", "vat.reverse-charge"),
        (TaxClass.STANDARD, GOODS, "business in the Union", "K", "vat.intra-community"),
        (TaxClass.STANDARD, SERVICES, "business without number", "S", "vat.no-vat-number"),
        (TaxClass.STANDARD, GOODS, "consumer in the Union", "S", "vat.no-vat-number"),
        (TaxClass.STANDARD, GOODS, "business outside", "G", "vat.export"),
        (TaxClass.STANDARD, GOODS, "consumer outside", "G", "vat.export"),
        (TaxClass.STANDARD, SERVICES, "business outside", "O", "vat.outside-union"),
        (TaxClass.STANDARD, SERVICES, "consumer outside", "S", "vat.consumer-abroad"),
        (TaxClass.ZERO, GOODS, "at home", "Z", "vat.zero"),
        (TaxClass.EXEMPT, SERVICES, "business in the Union", "E", "vat.exempt"),
        (TaxClass.OUTSIDE, SERVICES, "at home", "O", "vat.outside"),
        (TaxClass.REVERSED, SERVICES, "business at home", "AE", "vat.reverse-charge"),
        (TaxClass.REVERSED, SERVICES, "business in the Union", "AE", "vat.reverse-charge"),
        (TaxClass.REVERSED, SERVICES, "consumer in the Union", "S", "vat.no-vat-number"),
    ],
)
def test_who_buys_what_decides_the_category(tax_class, supply, buyer, found, why):
    assert category(tax_class, supply, "NL", BUYERS[buyer]).value == found
    assert rule(found, "NL", BUYERS[buyer].country) == why
    charged = tax(tax_class, supply, "NL", BUYERS[buyer], DAY)
    assert charged.category == found
    assert bool(charged.rate) == (found == "S")


def test_vat_is_reversed_at_home_only_to_who_can_owe_it():
    with pytest.raises(RuleViolation, match="a buyer without a VAT number"):
        category(TaxClass.REVERSED, SERVICES, "NL", BUYERS["at home"])


@pytest.mark.parametrize(
    ("tax_class", "day", "rate"),
    [
        (TaxClass.STANDARD, "2012-09-30", 19),
        (TaxClass.STANDARD, "2012-10-01", 21),
        (TaxClass.REDUCED, "2018-12-31", 6),
        (TaxClass.REDUCED, "2019-01-01", 9),
    ],
    ids=["before October 2012", "from October 2012", "before 2019", "from 2019"],
)
def test_the_rate_is_that_of_the_day(tax_class, day, rate):
    assert tax(tax_class, SERVICES, "NL", BUYERS["at home"], date.fromisoformat(day)) == Tax("S", Decimal(rate))


def test_a_country_without_rates_is_refused_and_not_taken_for_zero():
    with pytest.raises(NotFound, match="no standard VAT rates are known for FR"):
        tax(TaxClass.STANDARD, SERVICES, "FR", TaxPosition(country="FR"), DAY)


def conditions(**changes):
    return Conditions(seller="NL", parties={"ada": Party(id="ada", name="Ada", **changes)})


def lots(item, **changes):
    """Return the lots of an item as (category, rate, quantity)."""
    return [(t.tax.category, int(t.tax.rate), str(quantity)) for t, quantity in conditions(**changes).lots(item)]


def test_an_item_is_cut_where_the_rate_changes_in_proportion_to_the_days():
    item = thing(quantity="10", tax=TaxClass.REDUCED, supplied=ACROSS)
    assert lots(item) == [("S", 6, "4.838710"), ("S", 9, "5.161290")]  # 15/31 and the rest


def test_an_item_without_a_period_has_the_rate_of_its_tax_point():
    item = thing(tax=TaxClass.REDUCED)
    assert lots(item) == [("S", 6, "10")]
    assert lots(attrs.evolve(item, tax_point=date(2019, 1, 1))) == [("S", 9, "10")]


def test_an_item_is_not_cut_where_its_own_rate_stays():
    assert lots(thing(supplied=ACROSS)) == [("S", 21, "10")]
    assert lots(thing(tax=TaxClass.ZERO, supplied=ACROSS)) == [("Z", 0, "10")]


def test_an_item_is_cut_where_the_buyer_moves():
    moved = Dated(((date(2000, 1, 1), BUYERS["at home"]), (date(2019, 1, 1), BUYERS["business in the Union"])))
    item = thing(quantity="31", supplied=ACROSS)
    assert lots(item, positions=moved) == [("S", 21, "15.000000"), ("AE", 0, "16.000000")]


def test_the_payer_is_who_the_item_says_or_the_clients_file_on_the_day_of_filing():
    file = conditions(billed_to=Dated(((date(2018, 1, 1), "hold"), (date(2019, 1, 1), "other"))))
    assert file.payer(thing()) == "hold"
    assert file.payer(thing(payer="bob")) == "bob"
    with pytest.raises(NotFound, match="no party 'hold'"):
        file.lots(thing())
