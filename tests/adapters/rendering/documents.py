"""Sample documents: one line, forty lines, a credit note, reverse charge, and one with everything at once."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import attrs

from fanbilling.domain.administrations import Seller
from fanbilling.domain.invoices import Buyer, DocumentKind, Invoice, InvoiceLine, Preceding, subtotals, totals
from fanbilling.domain.items import ItemKey, Price
from fanbilling.domain.parties import Address
from fanbilling.domain.periods import Period
from fanbilling.domain.reasons import Reason
from fanbilling.domain.vat import Tax

HIGH, LOW, NIL = Tax("S", Decimal(21)), Tax("S", Decimal(9)), Tax("AE", Decimal(0))
PLANNING = "Brinkhoff Planning"
JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))

SELLER = Seller(
    name="Brinkhoff Software",
    address=Address(street="Voorbeeldkade 12", postal_code="3011 AA", city="Rotterdam", country="NL"),
    vat_id="NL000099998B57",
    registration="90000001",
    iban="NL91ABNA0417164300",
    bic="ABNANL2A",
    email="facturen@brinkhoff.example",
    phone="010 000 00 00",
    website="brinkhoff.example",
)
BUYER = Buyer(
    id="ardent",
    name="Ardent Logistiek B.V.",
    attention="Crediteurenadministratie",
    address=Address(street="Havenkade 40", postal_code="3011 AB", city="Rotterdam", country="NL"),
    vat_id="NL000012014B01",
    registration="90000011",
    email="administratie@ardent.example",
)
ABROAD = attrs.evolve(
    BUYER,
    id="nordlicht",
    name="Nordlicht Werkzeugbau GmbH",
    attention="",
    address=Address(street="Leuchtturmstraße 3", postal_code="20095", city="Hamburg", country="DE"),
    vat_id="DE999990133",
    email="buchhaltung@nordlicht.example",
)


def line(
    text: str,
    quantity: str,
    price: Price,
    *,
    net: str,
    tax: Tax = HIGH,
    vat: str,
    title: str = "",
    supplied: Period | None = None,
    filed: date = date(2026, 1, 15),
    corrects: str = "",
    because: Reason | None = None,
) -> InvoiceLine:
    """One line with figures that were worked out by hand."""
    return InvoiceLine(
        number=1,
        key=ItemKey("manual", "L-1", supplied.start if supplied else filed),
        client="ardent",
        title=title,
        text=text,
        quantity=Decimal(quantity),
        price=price,
        net=Decimal(net),
        tax=tax,
        vat=Decimal(vat),
        because=because or Reason("manual.line", Decimal(net)),
        supplied=supplied,
        corrects=corrects,
    )


def document(
    lines: Sequence[InvoiceLine],
    *,
    number: str = "2026-0001",
    on: date = date(2026, 1, 31),
    due: date = date(2026, 2, 14),
    language: str = "nl",
    buyer: Buyer = BUYER,
    currency: str = "EUR",
    preceding: tuple[Preceding, ...] = (),
) -> Invoice:
    """A sealed document of these lines, its kind as the total decides."""
    numbered = tuple(attrs.evolve(each, number=place) for place, each in enumerate(lines, 1))
    taxes = subtotals((each.tax, each.net, each.vat) for each in numbered)
    figures = totals(taxes)
    return Invoice(
        id=f"id-{number}",
        kind=DocumentKind.CREDIT_NOTE if figures.total < 0 else DocumentKind.INVOICE,
        series="2026",
        on=on,
        due=due,
        until=on,
        seller=SELLER,
        buyer=buyer,
        currency=currency,
        language=language,
        lines=numbered,
        taxes=taxes,
        totals=figures,
        preceding=preceding,
        number=number,
        place=int(number.rpartition("-")[2] or 0),
    )


def one_line(language: str = "nl") -> Invoice:
    """1 × 89.50 = 89.50; 21% of 89.50 = 18.795, rounded 18.80; together 108.30."""
    return document(
        [
            line(
                "Licentie Brinkhoff Planning, 5 gebruikers",
                "31",
                Price.of("89.50", per=31, unit="DAY"),
                net="89.50",
                vat="18.80",
                title=PLANNING,
                supplied=JANUARY,
            )
        ],
        language=language,
    )


def upgrade(language: str = "nl") -> Invoice:
    """Several sections and rates, a part of a month, a correction, a price of four decimals.

    16/31 × 149.00 = 76.903, rounded 76.90. The basic licence of 89.50 is given back for 16/31: 46.193, rounded 46.19.
    6.5 × 112.50 = 731.25; 11.75 × 118.40 = 1391.20; 12 × 34.95 = 419.40; 1250 × 0.0375 = 46.875, rounded 46.88.
    At 21%: 76.90 − 46.19 + 731.25 + 1391.20 + 46.88 = 2200.04. New lines 2246.23 × 21% = 471.7083, rounded 471.71;
    given back 46.19 of 89.50 with 18.80 VAT: 9.7024…, rounded 9.70; together 462.01. At 9%: 419.40 → 37.746, 37.75.
    """
    half = Period(date(2026, 1, 16), date(2026, 2, 1))
    was = (("what", "price"), ("from", date(2026, 1, 16)), ("was", Decimal("89.50")))
    changed = Reason("subscription.changed", Decimal("149.00"), was)
    because = Reason(
        "line.correction",
        Decimal("-46.19"),
        (("billed_on", date(2025, 12, 31)), ("billed", Decimal("89.50"))),
        (changed,),
    )
    period = (("start", half.start), ("last_day", half.last_day), ("days", 16), ("of", 31), ("quantity", Decimal(1)))
    return document(
        [
            line(
                "Licentie Planning Basis",
                "-16",
                Price.of("89.50", per=31, unit="DAY"),
                net="-46.19",
                vat="-9.70",
                title=PLANNING,
                supplied=half,
                corrects="id-2025-0931",
                because=because,
            ),
            line(
                "Licentie Planning Uitgebreid",
                "16",
                Price.of("149.00", per=31, unit="DAY"),
                net="76.90",
                vat="16.15",
                title=PLANNING,
                supplied=half,
                because=Reason("subscription.period", Decimal("76.90"), (*period, ("price", Decimal("149.00")))),
            ),
            line(
                "Advies inrichting orderstroom",
                "6.5",
                Price.of("112.50", unit="HUR"),
                net="731.25",
                vat="153.56",
                title="Invoering magazijn",
                filed=date(2026, 1, 14),
            ),
            line(
                "Migratie van het archief",
                "11.75",
                Price.of("118.40", unit="HUR"),
                net="1391.20",
                vat="292.15",
                title="Invoering magazijn",
                filed=date(2026, 1, 22),
            ),
            line("Gedrukt handboek Brinkhoff Planning", "12", Price.of("34.95"), net="419.40", tax=LOW, vat="37.75"),
            line(
                "Berichten naar chauffeurs",
                "1250",
                Price.of("0.0375"),
                net="46.88",
                vat="9.85",
                filed=date(2026, 1, 31),
            ),
        ],
        number="2026-0002",
        language=language,
        preceding=(Preceding(number="2025-0931", on=date(2025, 12, 31)),),
    )


def forty_lines(language: str = "nl") -> Invoice:
    """Ten projects of four hours' lines: each 2.5 × 112.50 = 281.25; 40 × 281.25 = 11250.00; VAT 2362.50.

    Of each four, the second line brings the cent: 59.06, 118.13, 177.19, 236.25.
    """
    work = ("Overleg met de opdrachtgever", "Ontwerp van de koppeling", "Bouwen en testen", "Verslag en oplevering")
    return document(
        [
            line(
                work[n % 4],
                "2.5",
                Price.of("112.50", unit="HUR"),
                net="281.25",
                vat="59.07" if n % 4 == 1 else "59.06",
                title=f"Project Koppelingen, deel {n // 4 + 1}",
                filed=date(2026, 1, 5 + n // 4 * 2),
            )
            for n in range(40)
        ],
        number="2026-0003",
        language=language,
    )


def credit_note(language: str = "nl") -> Invoice:
    """Gives back 20.00 of the licence and 2 of 4 scanners of 248.95, that is 497.90; VAT 4.20 and 104.56."""
    money = Reason(
        "line.correction", Decimal("-20.00"), (("billed_on", date(2026, 1, 31)), ("billed", Decimal("89.50")))
    )
    goods = Reason(
        "line.correction", Decimal("-497.90"), (("billed_on", date(2026, 1, 31)), ("billed", Decimal("995.80")))
    )
    return document(
        [
            line(
                "Licentie Brinkhoff Planning, 5 gebruikers",
                "0",
                Price.of("89.50", per=31, unit="DAY"),
                net="-20.00",
                vat="-4.20",
                title=PLANNING,
                supplied=JANUARY,
                corrects="id-2026-0001",
                because=money,
            ),
            line(
                "Handscanner SX-20",
                "-2",
                Price.of("248.95"),
                net="-497.90",
                vat="-104.56",
                title="Apparatuur",
                filed=date(2026, 1, 27),
                corrects="id-2026-0001",
                because=goods,
            ),
            line("Herstelkosten scanner", "1", Price.of("35.00"), net="35.00", vat="7.35", title="Apparatuur"),
        ],
        number="2026-0004",
        on=date(2026, 2, 18),
        due=date(2026, 3, 4),
        language=language,
        preceding=(Preceding(number="2026-0001", on=date(2026, 1, 31)),),
    )


def reverse_charge(language: str = "en") -> Invoice:
    """7.5 × 118.40 = 888.00 and 139.95 for the licence, without VAT: 1027.95."""
    return document(
        [
            line(
                "Licence Brinkhoff Shop Floor",
                "1",
                Price.of("139.95", unit="MON"),
                net="139.95",
                vat="0.00",
                tax=NIL,
                title="Brinkhoff Shop Floor",
                supplied=JANUARY,
            ),
            line(
                "Consultancy, shop floor screens",
                "7.5",
                Price.of("118.40", unit="HUR"),
                net="888.00",
                vat="0.00",
                tax=NIL,
                title="Consultancy",
                filed=date(2026, 1, 20),
            ),
        ],
        number="2026-0005",
        language=language,
        buyer=ABROAD,
    )


def nothing(language: str = "nl") -> Invoice:
    """A line and its opposite: nothing to pay."""
    price = Price.of("50.00")
    return document(
        [
            line("Toegang", "1", price, net="50.00", vat="10.50"),
            line("Toegang", "-1", price, net="-50.00", vat="-10.50"),
        ],
        number="2026-0006",
        language=language,
    )


SAMPLES = {
    "one line": one_line,
    "upgrade": upgrade,
    "forty lines": forty_lines,
    "credit note": credit_note,
    "reverse charge": reverse_charge,
    "nothing to pay": nothing,
}
