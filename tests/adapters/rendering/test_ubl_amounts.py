"""Every amount of an e-invoice is that of its document, to the cent: the official rules are not so precise."""

from decimal import Decimal

import pytest
from hypothesis import given

from fanbilling.adapters.rendering.ubl import UblRenderer
from fanbilling.testing.contracts.papers import PAPERS
from tests.adapters.rendering.documents import SAMPLES
from tests.adapters.rendering.einvoices import documents, half_up, heard, read, said

RENDERER = UblRenderer(profile="en16931")
CREDITS = {"381"}


def same(document):
    found = read(RENDERER.render(document).content)
    sign = -1 if found["BT-3"] in CREDITS else 1
    told = said(document, sign=sign)
    told["preceding"] = [(" ".join(number.split()), on) for number, on in told["preceding"]]
    mine = heard(found)
    mine["preceding"] = [(" ".join(number.split()), on) for number, on in mine["preceding"]]
    return mine, told


def recomputed(found):
    """What does not follow from what: by hand, in the standard library's arithmetic."""
    places = max(-Decimal(found["BT-112"]).as_tuple().exponent, 0)
    wrong = []
    for each in found["BG-25"]:
        product = Decimal(each["BT-129"]) * Decimal(each["BT-146"]) / Decimal(each.get("BT-149", 1))
        if half_up(product, places) != Decimal(each["BT-131"]):
            wrong.append(f"line {each['BT-126']}: {product} is not {each['BT-131']}")
    lines = [(e["BT-151"], Decimal(e.get("BT-152", 0)), Decimal(e["BT-131"])) for e in found["BG-25"]]
    taxes = [(t["BT-118"], Decimal(t.get("BT-119", 0)), Decimal(t["BT-116"]), t["BT-117"]) for t in found["BG-23"]]
    for category, rate, base, _ in taxes:
        if sum(net for of, at, net in lines if (of, at) == (category, rate)) != base:
            wrong.append(f"base of {category} {rate}")
    if {(of, at) for of, at, _ in lines} != {(of, at) for of, at, _, _ in taxes} or len(taxes) != len(set(taxes)):
        wrong.append("a rate is missing, or there twice")
    net, taxable, tax, total, payable = (
        Decimal(found[name]) for name in ("BT-106", "BT-109", "BT-110", "BT-112", "BT-115")
    )
    if not sum(net for _, _, net in lines) == net == taxable:
        wrong.append("the lines do not add up to the net amount")
    if not sum(Decimal(vat) for _, _, _, vat in taxes) == tax == total - taxable or payable != total:
        wrong.append("net and VAT do not add up to the total")
    return wrong


@pytest.mark.parametrize("make", [*SAMPLES.values(), *PAPERS.values()], ids=[*SAMPLES, *PAPERS])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_amount_of_a_sample_is_that_of_its_document(make, language):
    mine, told = same(make(language))
    assert mine == told
    assert recomputed(read(RENDERER.render(make(language)).content)) == []


@given(documents())
def test_every_amount_of_any_document_is_its_own(document):
    mine, told = same(document)
    assert mine == told


@given(documents())
def test_any_document_can_be_recomputed_from_what_stands_on_it(document):
    assert recomputed(read(RENDERER.render(document).content)) == []
