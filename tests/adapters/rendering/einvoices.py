"""E-invoices in tests: documents of every kind, and an independent reader that names figures as EN 16931 does."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import attrs
import facturx
from hypothesis import strategies as st

from fanbilling.domain.invoices import Buyer, DocumentKind, Invoice, InvoiceLine, Preceding, subtotals, totals
from fanbilling.domain.items import ItemKey, Price
from fanbilling.domain.parties import Address
from fanbilling.domain.periods import Period
from fanbilling.domain.reasons import Reason
from fanbilling.domain.vat import Tax
from fanbilling.testing import strategies
from fanbilling.testing.contracts.papers import BUYER, SELLER

DAY = date(2026, 3, 2)
HIGH, LOW, ZERO, EXEMPT = Tax("S", Decimal(21)), Tax("S", Decimal(9)), Tax("Z", Decimal(0)), Tax("E", Decimal(0))
REVERSED, WITHIN, EXPORTED = Tax("AE", Decimal(0)), Tax("K", Decimal(0)), Tax("G", Decimal(0))
OUTSIDE = Tax("O", Decimal(0))
GERMAN = Buyer(
    id="nordlicht",
    name="Nordlicht Werkzeugbau GmbH",
    attention="",
    address=Address(street="Leuchtturmstraße 3", postal_code="20095", city="Hamburg", country="DE"),
    vat_id="DE999990133",
    registration="HRB 990011",
    email="buchhaltung@nordlicht.example",
)
BELGIAN = attrs.evolve(
    GERMAN,
    id="scheldestad",
    name="Scheldestad Boekhouders BV",
    address=Address(street="Kaaistraat 18", postal_code="2000", city="Antwerpen", country="BE"),
    vat_id="BE0000999001",
    registration="0000.999.001",
)
SWISS = attrs.evolve(
    GERMAN,
    id="bergsicht",
    name="Bergsicht Treuhand AG",
    address=Address(street="Gipfelgasse 5", postal_code="8001", city="Zürich", country="CH"),
    vat_id="CHE-999.999.996",
    registration="CHE-999.999.996",
)
CONSUMER = attrs.evolve(BUYER, id="denkbeeld", name="R. Denkbeeld", vat_id="", registration="", attention="")


def line(text, net, *, tax=HIGH, vat="0", quantity="1", price=None, supplied=None, corrects="", filed=DAY, title=""):
    """A line with figures that were worked out by hand; without a price it is once its amount."""
    return InvoiceLine(
        number=1,
        key=ItemKey("testing", "a", filed, text),
        client="acme",
        title=title,
        text=text,
        quantity=Decimal(quantity),
        price=Price(abs(Decimal(net))) if price is None else price,
        net=Decimal(net),
        tax=tax,
        vat=Decimal(vat),
        because=Reason("testing", Decimal(net)),
        supplied=supplied,
        corrects=corrects,
    )


def document(*lines, preceding=(), **changed):
    """A sealed document of these lines, of the kind that they make it."""
    numbered = tuple(attrs.evolve(each, number=place) for place, each in enumerate(lines, 1))
    taxes = subtotals([(each.tax, each.net, each.vat) for each in numbered])
    figures = totals(taxes)
    gives_back = figures.total < 0 or all(each.corrects for each in numbered)
    made = Invoice(
        id="d1",
        kind=DocumentKind.CREDIT_NOTE if gives_back else DocumentKind.INVOICE,
        series="2026",
        on=DAY,
        due=date(2026, 3, 16),
        until=DAY,
        seller=SELLER,
        buyer=BUYER,
        currency="EUR",
        language="nl",
        lines=numbered,
        taxes=taxes,
        totals=figures,
        preceding=tuple(Preceding(number=number, on=date(2026, 2, 1)) for number in preceding),
        number="2026-0042",
        place=42,
    )
    return attrs.evolve(made, **changed)


# ---------------------------------------------------------------------------------------------------------- any of them


def half_up(number, places):
    """Rounded as the law does it, in the standard library's own words."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


#: Whoever may buy, and what may then be on one document.
CHOICES = (
    (BUYER, (HIGH, LOW, ZERO, EXEMPT)),
    (BUYER, (REVERSED, HIGH, EXEMPT)),
    (BUYER, (OUTSIDE,)),
    (CONSUMER, (HIGH, LOW)),
    (GERMAN, (REVERSED, WITHIN, HIGH)),
    (BELGIAN, (REVERSED, WITHIN)),
    (SWISS, (OUTSIDE,)),
    (SWISS, (EXPORTED, EXEMPT)),
)


@st.composite
def documents(draw):
    """Documents as the billing desk makes them: any quantity at any price, given back in part, in any words."""
    buyer, taxes = draw(st.sampled_from(CHOICES))
    currency, places = draw(st.sampled_from((("EUR", 2), ("EUR", 2), ("USD", 2), ("JPY", 0))))
    texts = strategies.texts(max_size=30).map(lambda text: f"A{text}")
    fresh = st.builds(
        _charged,
        text=texts,
        title=strategies.texts(),
        tax=st.sampled_from(taxes),
        quantity=strategies.quantities(),
        price=strategies.prices(),
        filed=strategies.days(),
        supplied=st.none() | strategies.periods(),
        corrects=st.sampled_from(("", "", "d0")),
        money=st.none() | strategies.amounts(currency=currency, largest=10**6),
        places=st.just(places),
    )
    lines = draw(st.lists(fresh, min_size=1, max_size=5))
    made = document(
        *_taxed(lines, places),
        buyer=attrs.evolve(
            buyer, name=draw(texts), attention=draw(strategies.texts()), reference=draw(strategies.texts())
        ),
        currency=currency,
        language=draw(st.sampled_from(("nl", "en"))),
        due=DAY + timedelta(draw(st.integers(0, 60))),
    )
    corrects = any(each.corrects for each in lines)
    return attrs.evolve(made, preceding=(Preceding(number=draw(texts), on=DAY),) if corrects else ())


def _charged(*, text, title, tax, quantity, price, filed, supplied, corrects, money, places):
    net = half_up(quantity * price.amount / price.per, places) if money is None else money
    quantity = quantity if money is None else Decimal(0)
    return line(
        text,
        str(net),
        tax=tax,
        quantity=str(quantity),
        price=price,
        supplied=supplied,
        corrects=corrects,
        filed=filed,
        title=title,
    )


def _taxed(lines, places):
    """Put the VAT of each rate, rounded once, on the first of its lines."""
    seen = {}
    for each in lines:
        seen.setdefault(each.tax, []).append(each)
    vat = {id(mine[0]): half_up(sum(each.net for each in mine) * tax.rate / 100, places) for tax, mine in seen.items()}
    return [attrs.evolve(each, vat=vat.get(id(each), Decimal(0))) for each in lines]


# ------------------------------------------------------------------------------------------------------------- reading


def read(xml):
    """An e-invoice in the terms of EN 16931 (BT-131, BG-25), by another's reader."""
    return facturx.parse_ubl_cii_xml(xml, level="en16931")


def said(document, *, sign):
    """What a document says, in the same terms: every amount to the cent."""
    totals = document.totals

    def money(amount):
        return Decimal(amount) * sign

    return {
        "number": document.number,
        "on": document.on,
        "currency": document.currency,
        "lines": [
            (str(each.number), money(each.net), each.tax.category, each.tax.rate, _own(each)) for each in document.lines
        ],
        "taxes": [(t.tax.category, t.tax.rate, money(t.base), money(t.vat)) for t in document.taxes],
        "totals": [money(figure) for figure in (totals.lines, totals.taxable, totals.tax, totals.total)],
        "payable": money(totals.payable),
        "preceding": [(one.number, one.on) for one in document.preceding],
    }


def heard(found):
    """The same, from what was read."""
    return {
        "number": found["BT-1"],
        "on": found["BT-2"],
        "currency": found["BT-5"],
        "lines": [
            (
                each["BT-126"],
                Decimal(each["BT-131"]),
                each["BT-151"],
                Decimal(each.get("BT-152", 0)),
                (each["BT-134"], each["BT-135"]),
            )
            for each in found["BG-25"]
        ],
        "taxes": [
            (t["BT-118"], Decimal(t.get("BT-119", 0)), Decimal(t["BT-116"]), Decimal(t["BT-117"]))
            for t in found["BG-23"]
        ],
        "totals": [Decimal(found[name]) for name in ("BT-106", "BT-109", "BT-110", "BT-112")],
        "payable": Decimal(found["BT-115"]),
        "preceding": [(one["BT-25"], one["BT-26"]) for one in found.get("BG-3", ())],
    }


def _own(line):
    supplied = line.supplied or Period.through(line.key.filed, line.key.filed)
    return supplied.start, supplied.last_day
