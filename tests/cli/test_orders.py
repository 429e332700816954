"""Orders and stock in an exchange folder: rows come to the desk once, later rows change them, wrong ones are told."""

import json
from datetime import date

import pytest

from fanbilling.cli.columns import Wrong
from fanbilling.cli.desks import BY_SOURCE
from fanbilling.cli.desks.orders.cells import NAME, PARTS, SHARES
from fanbilling.cli.running import run_folder
from fanbilling.sources.orders import Component
from tests.cli.folders import FIRST, SECOND, books, contents, fanbilling, small

MARCH = ("--until", "2026-03-31", "--on", "2026-04-01")
FILES = {
    "products": """
        product;text;kind;method;stocked;parts;price;from;entered
        WHEEL;Wheel;goods;fifo;;;40,00;;
        WHEEL;;;;;;44,00;2026-02-01;2026-01-25
        BIKE;Bicycle;goods;;;FRAME:1 WHEEL:2;400,00;;
        FRAME;Frame;goods;;;;;;
        PAIR;Two wheels;kit;;;WHEEL:2;75,00;;
        BELL;Bell;goods;;no;;9,95;;
    """,
    "prices": """
        id;product;client;price;from_quantity;from;until;entered
        PR-1;WHEEL;;36,00;10;;;
        PR-2;WHEEL;bolt;30,00;;2026-01-01;;
        PR-2;;;;;;2026-01-31;2026-01-28
    """,
    "quotations": """
        quotation;line;client;date;valid_until;product;text;quantity;price;discount;kind;state;decided;order;reason;entered
        Q-1;1;acme;2026-01-08;2026-02-08;BIKE;;2;;10;;;;;;2026-01-08
        Q-1;2;acme;2026-01-08;2026-02-08;;Assembly;1;25,00;;services;;;;;2026-01-08
        Q-1;2;;;;;;;;;;accepted;2026-01-20;O-9;;2026-01-20
        Q-2;1;bolt;2026-01-08;2026-01-20;WHEEL;;4;;;;;;;;2026-01-08
        Q-2;1;;;;;;;;;;expired;2026-01-22;;;2026-01-22
    """,
    "orders": """
        order;line;client;date;title;over;product;text;quantity;price;discount;kind;billed;cancelled;reason;entered
        O-1;1;acme;2026-01-12;Wheels;yes;WHEEL;;10;;;;;;;2026-01-12
        O-1;2;acme;2026-01-12;;;;Advice;1;50,00;;services;order;;;2026-01-12
        O-1;1;;;;;;;;33,00;;;;;Agreed by phone;2026-02-20
        O-2;1;bolt;2026-01-13;;;WHEEL;;6;;;;;;;2026-01-13
        O-2;1;;;;;;;;;;;;yes;Season is over;2026-02-18
        O-3;1;carol;2026-02-03;;;PAIR;;1;;;;;;;2026-02-03
        O-3;2;carol;2026-02-03;;;BELL;;1;;;;;;;2026-02-03
    """,
    "deliveries": """
        delivery;line;order;date;quantity;returns;scrapped;place;reference;reason;entered
        V-1;1;O-1;2026-01-15;6;;;;;;2026-01-15
        V-2;1;O-1;2026-02-05;5;;;;;;2026-02-05
        V-2;1;;;4;;;;;One was missing;2026-02-09
        V-3;1;O-2;2026-01-16;4;;;;;;2026-01-16
        V-4;1;O-3;2026-02-10;1;;;;;;2026-02-10
        V-4;2;O-3;2026-02-10;1;;;;;;2026-02-10
        V-5;1;O-9;2026-01-29;1;;;;;;2026-01-29
        T-1;1;O-1;2026-02-12;2;V-1;;;;Wrong colour;2026-02-12
        T-2;1;O-3;2026-02-14;1;V-4;yes;;;Bent;2026-02-14
    """,
    "receipts": """
        id;date;product;quantity;price;total;returns;place;reference;entered
        R-1;2026-01-05;WHEEL;40;20,00;;;;;2026-01-05
        R-2;2026-01-06;FRAME;5;;600,00;;;;2026-01-06
        R-3;2026-02-06;WHEEL;5;;;R-1;;;2026-02-06
        R-4;2026-01-10;FRAME;1;;150,00;;;;2026-02-16
    """,
    "assemblies": """
        id;date;product;quantity;apart;parts;added;shares;place;entered
        A-1;2026-01-22;BIKE;3;;;30,00;;;2026-01-22
        A-2;2026-02-17;BIKE;1;yes;;;120 40;;2026-02-17
    """,
    "decisions": """
        id;date;kind;source;agreement;fact;filed;quantity;amount;until;decision;reason;entered
        D-1;2026-02-11;concede;orders;O-3;2/V-4;2026-02-10;;1,95;;;Scratched;2026-02-11
        D-2;2026-01-30;hold;orders;O-9;1/V-5;2026-01-29;;;2026-02-28;;To be looked at;2026-01-30
    """,
    "credits": """
        id;date;source;agreement;fact;filed;quantity;amount;then;reason;entered
        C-1;2026-02-18;orders;O-1;2;2026-01-12;;10,00;waive;Too short;2026-02-18
    """,
}
NOTHING = {"subscriptions": None, "lines": None, "payments": None}


@pytest.fixture
def shop(tmp_path):
    return small(tmp_path / "shop", **FILES, **NOTHING)


def run(folder, *words):
    ran = fanbilling("run", folder, *words, "--json")
    assert "Traceback" not in ran.err
    return ran.status, json.loads(ran.out)


def issued(folder, *words):
    status, answer = run(folder, *words)
    assert (status, answer["rejected"]) == (0, [])
    return [(one["payer"], one["total"]) for one in answer["issued"]]


def stock(folder, *words):
    shown = fanbilling("stock", folder, *words, "--json")
    answer = json.loads(shown.out)
    assert (shown.status, answer["agrees"]) == (0, True)
    return {one["product"]: (one["quantity"], one["value"]) for one in answer["stock"]}, answer


def test_two_months_of_orders(shop):
    # acme: 6 × 36.00 (from ten) + advice 50.00 + assembly 25.00, that comes with the first bicycle, which is held:
    # 291.00, VAT 61.11. bolt: 4 × 30.00, VAT 25.20; acme pays for bolt from February on
    assert issued(shop, *FIRST) == [("acme", "352.11"), ("bolt", "145.20")]
    # wheels: 40 − 6 − 4 − 3 × 2 = 24 of 20.00; frames: 5 − 3 at 120.00; bicycles: 3 at 120 + 40 + 10 = 170, less one
    assert stock(shop)[0] == {"BIKE": ("2", "340.00"), "FRAME": ("2", "240.00"), "WHEEL": ("24", "480.00")}
    # acme: 6 − 2 and 4 wheels at 33.00 instead of 36.00: 8 × 33 − 6 × 36 = 48.00, VAT 10.08. carol: the pair came
    # back, and a bell of 9.95 less 1.95 is 8.00, VAT 1.68. The credit of 10.00, VAT 2.10, is a note of its own
    assert sorted(issued(shop, *SECOND)) == [("acme", "-12.10"), ("acme", "58.08"), ("carol", "9.68")]
    # wheels: 24 − 4 − 2 + 2 − 5 to the supplier + 2 of a bicycle; what was scrapped does not come back
    quantities, _ = stock(shop)
    assert quantities["WHEEL"][0] == "17"
    assert "BELL" not in quantities
    # the bicycle is not held any more: 400.00 less 10%, VAT 75.60
    assert issued(shop, *MARCH) == [("acme", "435.60")]


def test_what_is_cancelled_when_all_was_delivered_changes_nothing(shop):
    with (shop / "deliveries.csv").open("a", encoding="utf-8") as file:
        file.write("V-9;1;O-2;2026-02-11;2;;;;;;2026-02-11\n")
    issued(shop, *FIRST)
    assert ("acme", "130.68") in issued(shop, *SECOND)  # acme pays for bolt now: 48.00 + 2 × 30.00, VAT 22.68
    before = books(shop)
    assert run_folder(shop, until=date(2026, 2, 28), on=date(2026, 3, 1)).imported == 0
    assert books(shop) == before


def test_what_is_delivered_later_is_not_seen_yet(shop):
    with (shop / "deliveries.csv").open("a", encoding="utf-8") as file:
        file.write("V-9;1;O-2;2026-02-11;2;;;;;;2026-01-20\n")
    issued(shop, *FIRST)
    assert not (shop / "papers" / "packing-slip-V-9.pdf").exists()
    issued(shop, *SECOND)
    assert (shop / "papers" / "packing-slip-V-9.pdf").exists()


def test_the_same_rows_once_more_change_nothing(shop):
    issued(shop, *FIRST)
    issued(shop, *SECOND)
    before = books(shop), contents(shop)
    assert issued(shop, *SECOND) == []
    assert (books(shop), contents(shop)) == before


def test_months_at_once_or_one_by_one_leave_the_same_stock(shop, tmp_path):
    issued(shop, *FIRST)
    issued(shop, *SECOND)
    at_once = small(tmp_path / "once", **FILES, **NOTHING)
    issued(at_once, *SECOND)
    for product in ("WHEEL", "FRAME", "BIKE"):
        assert stock(shop, "--product", product)[1] == stock(at_once, "--product", product)[1]


def test_what_a_late_receipt_corrects_is_told(shop):
    issued(shop, *FIRST)
    issued(shop, *SECOND)
    _, answer = stock(shop, "--product", "FRAME")
    # 5 + 1 frames are worth 750.00, 125.00 each: the 3 that went into bicycles cost 375.00, and not 360.00
    [corrected] = [one for one in answer["moves"] if one["kind"] == "correction"]
    assert (corrected["amount"], corrected["on"], corrected["known"]) == ("-15.00", "2026-01-22", "2026-02-16")
    shown = fanbilling("stock", shop, "--product", "FRAME")
    assert "because R-4 became known late" in " ".join(shown.out.split())
    assert "account 3000 says the same" in shown.out


def test_papers_are_filed_as_they_were_given_out(shop):
    issued(shop, *FIRST)
    names = {path.stem for path in (shop / "papers").iterdir()}
    assert names == {
        *(f"quotation-{id}" for id in ("Q-1", "Q-2")),
        *(f"order-confirmation-{id}" for id in ("O-1", "O-2", "O-9")),
        *(f"packing-slip-{id}" for id in ("V-1", "V-3", "V-5")),
    }
    first = {path.name: path.read_bytes() for path in (shop / "papers").iterdir()}
    issued(shop, *SECOND)
    for name in first:
        (shop / "papers" / name).unlink()
    assert issued(shop, *SECOND) == []
    assert {name: (shop / "papers" / name).read_bytes() for name in first} == first


def test_an_unknown_product_is_told_with_the_nearest(shop):
    issued(shop, *FIRST)
    shown = fanbilling("stock", shop, "--product", "WHEAL")
    assert (shown.status, "Did you mean WHEEL?" in shown.err) == (1, True)


def test_parts_names_and_shares_are_read():
    assert PARTS.read("FRAME:1 WHEEL:2,5") == (Component(product="FRAME"), Component(product="WHEEL", quantity="2.5"))
    for text in ("FRAME", "FRAME:", ":2", "FRAME:0", "FRAME:x", "FRAME:-1"):
        assert isinstance(PARTS.read(text), Wrong)
    assert isinstance(SHARES.read("60 x"), Wrong)
    assert SHARES.read("60 20,5") == (60, 20.5)
    for text in ("a/b", "a" * 31, "a b", "é"):
        assert isinstance(NAME.read(text), Wrong)
    assert NAME.read("a-1.b_C") == "a-1.b_C"


ORDER = "O-8;1;acme;2026-01-12;;;WHEEL;;1;;;;;;;2026-01-12"
WRONG = {  # file, rows, column, what is said, what would be right
    "product kind": ("products", "X;x;thing;;;;;;", "kind", "not known", "goods, service or kit"),
    "product method": ("products", "X;x;goods;lifo;;;;;", "method", "not known", "fifo"),
    "product stocked": ("products", "X;x;goods;;maybe;;;;", "stocked", "not known", "yes or no"),
    "product parts": ("products", "X;x;kit;;;WHEEL;;;", "parts", "how many", "FRAME:1"),
    "kit of nothing": ("products", "X;x;kit;;;;;;", "parts", "made of nothing", "parts"),
    "part of itself": ("products", "X;x;kit;;;X:1;;;", "parts", "part of itself", "Take it out"),
    "unknown part": ("products", "X;x;kit;;;WHEAL:1;;;", "parts", "not in products.csv", "WHEEL"),
    "circle of parts": ("products", "X;x;kit;;;Y:1;;;\nY;y;kit;;;X:1;;;", "parts", "made of itself", "circle"),
    "product from": ("products", "X;x;goods;;;;;2026-01-01;", "price", "no price", "leave from empty"),
    "price without from": ("products", "WHEEL;;;;;;45,00;;2026-01-26", "from", "not say from when", "Fill from"),
    "product text": ("products", "X;;goods;;;;;;", "text", "not be empty", "What it is"),
    "method cannot change": ("products", "WHEEL;;;average;;;;;2026-01-26", "method", "cannot change", "new id"),
    "price product": ("prices", "P;WHEAL;;1,00;;;;", "product", "not in products.csv", "WHEEL"),
    "price client": ("prices", "P;WHEEL;acne;1,00;;;;", "client", "not in clients.csv", "acme"),
    "price amount": ("prices", "P;WHEEL;;-1,00;;;;", "price", "negative", "zero or more"),
    "price quantity": ("prices", "P;WHEEL;;1,00;x;;;", "from_quantity", "not a number", "digits"),
    "price days": ("prices", "P;WHEEL;;1,00;;2026-02-01;2026-01-01;", "until", "ends before", "2026-02-01"),
    "price from": ("prices", "P;WHEEL;;1,00;;2026-02-30;;", "from", "calendar", "2026-01-31"),
    "quotation valid": (
        "quotations",
        "Q;1;acme;2026-01-08;2026-01-07;WHEEL;;1;;;;;;;;",
        "valid_until",
        "ends before",
        "2026-01-08",
    ),
    "quotation state": (
        "quotations",
        "Q;1;acme;2026-01-08;2026-02-07;WHEEL;;1;;;;accepted;;;;",
        "state",
        "makes the quotation",
        "row of its own",
    ),
    "quotation decided": ("quotations", "Q-1;1;;;;;;;;;;rejected;;;No;2026-01-19", "decided", "which day", "decided"),
    "quotation reason": ("quotations", "Q-1;1;;;;;;;;;;rejected;2026-01-19;;;2026-01-19", "reason", "why", "reason"),
    "quotation order": ("quotations", "Q-1;1;;;;;;;;;;expired;2026-01-19;O;;2026-01-19", "order", "accepted", "empty"),
    "quotation client": (
        "quotations",
        "Q-1;3;bolt;2026-01-08;2026-02-08;WHEEL;;1;;;;;;;;2026-01-08",
        "client",
        "which is one thing",
        "id of its own",
    ),
    "order client": ("orders", ORDER.replace("acme", "acne"), "client", "not in clients.csv", "acme"),
    "order product": ("orders", ORDER.replace("WHEEL", "WHEAL"), "product", "not in products.csv", "WHEEL"),
    "order line": ("orders", ORDER.replace("O-8;1", "O-8;a/b"), "line", "not a short id", "slash"),
    "order date": ("orders", ORDER.replace("01-12;;;W", "02-30;;;W"), "date", "calendar", "2026-01-31"),
    "order quantity": ("orders", ORDER.replace(";;1;", ";;0;"), "quantity", "nothing", "how many"),
    "order of nothing": ("orders", ORDER.replace("WHEEL", ""), "product", "what is sold", "Name a product"),
    "order price": ("orders", "O-8;1;acme;2026-01-12;;;;Help;1;;;;;;;", "price", "no price list", "price"),
    "order discount": ("orders", ORDER.replace(";;1;;;", ";;1;;101;"), "discount", "more than", "0 to 100"),
    "order kind": ("orders", ORDER.replace(";;1;;;;", ";;1;;;thing;"), "kind", "not known", "goods or services"),
    "order billed": ("orders", ORDER.replace(";;1;;;;;", ";;1;;;;later;"), "billed", "not known", "delivery"),
    "order over": ("orders", ORDER.replace(";;;WHEEL", ";;perhaps;WHEEL"), "over", "not known", "yes or no"),
    "cancelled at once": ("orders", ORDER.replace(";;1;;;;;;", ";;1;;;;;yes;"), "cancelled", "first row", "its own"),
    "nothing new": ("orders", "O-1;1;;;;;;;;;;;;;;2026-01-20", "price", "nothing new", "price or discount"),
    "new price without a reason": ("orders", "O-1;1;;;;;;;;1,00;;;;;;2026-01-20", "reason", "why", "reason"),
    "other date": ("orders", "O-1;3;acme;2026-01-13;;;WHEEL;;1;;;;;;;2026-01-12", "date", "one thing", "own"),
    "delivery order": ("deliveries", "V-8;1;O-7;2026-01-15;1;;;;;;", "order", "not in orders.csv", ""),
    "delivery line": ("deliveries", "V-8;7;O-1;2026-01-15;1;;;;;;2026-01-15", "line", "not in orders.csv", ""),
    "delivery of a quoted line": (
        "deliveries",
        "V-8;7;O-9;2026-01-25;1;;;;;;2026-01-25",
        "line",
        "not in quotations.csv",
        "",
    ),
    "known before it was accepted": (
        "deliveries",
        "V-8;1;O-9;2026-01-20;1;;;;;;2026-01-19",
        "order",
        "known later",
        "2026-01-20",
    ),
    "delivery quantity": ("deliveries", "V-8;1;O-1;2026-01-15;0;;;;;;2026-01-15", "quantity", "nothing", "how many"),
    "delivery before the order": ("deliveries", "V-8;1;O-1;2026-01-11;1;;;;;;2026-01-12", "", "2026-01-11", "two days"),
    "too much": ("deliveries", "V-8;1;O-2;2026-01-17;3;;;;;;2026-01-17", "", "6 were ordered", "Deliver 2"),
    "not in stock": ("deliveries", "V-8;1;O-1;2026-01-17;99;;;;;;2026-01-17", "", "99", ""),
    "return of what": ("deliveries", "T-8;1;O-1;2026-01-17;1;V-7;;;;Bent;2026-01-17", "returns", "not in", "V-5"),
    "return without a reason": ("deliveries", "T-8;1;O-1;2026-01-17;1;V-1;;;;;2026-01-17", "reason", "why", "reason"),
    "return of another order": (
        "deliveries",
        "T-8;1;O-2;2026-01-17;1;V-1;;;;Bent;2026-01-17",
        "order",
        "is of order O-1",
        "O-1",
    ),
    "too much back": (
        "deliveries",
        "T-8;1;O-1;2026-01-17;7;V-1;;;;Bent;2026-01-17",
        "",
        "7 come back",
        "6 back at most",
    ),
    "scrapped delivery": (
        "deliveries",
        "V-8;1;O-1;2026-01-17;1;;yes;;;;2026-01-17",
        "scrapped",
        "comes back",
        "returns",
    ),
    "receipt product": ("receipts", "R;2026-01-05;WHEAL;1;1,00;;;;;", "product", "not in products.csv", "WHEEL"),
    "receipt quantity": ("receipts", "R;2026-01-05;WHEEL;0;1,00;;;;;", "quantity", "nothing", "how many"),
    "receipt cost": ("receipts", "R;2026-01-05;WHEEL;1;;;;;;", "price", "what it cost", "price or total"),
    "receipt costs": ("receipts", "R;2026-01-05;WHEEL;1;1,00;1,00;;;;", "total", "exclude", "one of the two"),
    "receipt total": ("receipts", "R;2026-01-05;WHEEL;1;;-1,00;;;;", "total", "negative", "returns"),
    "receipt back": ("receipts", "R;2026-01-15;WHEEL;1;1,00;;R-1;;;", "price", "bought for", "empty"),
    "receipt back of what": ("receipts", "R;2026-01-15;WHEEL;1;;;R-0;;;", "returns", "not in receipts.csv", ""),
    "receipt back of another": ("receipts", "R;2026-01-15;FRAME;1;;;R-1;;;", "product", "is of WHEEL", "WHEEL"),
    "receipt of a kit": ("receipts", "R;2026-01-15;PAIR;1;1,00;;;;;", "", "stock", ""),
    "receipt place": ("receipts", "R;2026-01-15;WHEEL;1;1,00;;;a b;;", "place", "not a short id", "slash"),
    "assembly product": ("assemblies", "A;2026-01-22;BIKES;1;;;;;;", "product", "not in products.csv", "BIKE"),
    "assembly quantity": ("assemblies", "A;2026-01-22;BIKE;0;;;;;;", "quantity", "nothing", "how many"),
    "assembly of what": ("assemblies", "A;2026-01-22;WHEEL;1;;;;;;", "", "made of", "components"),
    "assembly part": ("assemblies", "A;2026-01-22;BIKE;1;;WHEAL:1;;;;", "parts", "not in products.csv", "WHEEL"),
    "assembly added": ("assemblies", "A;2026-01-22;BIKE;1;;;-1,00;;;", "added", "negative", "zero or more"),
    "assembly shares": ("assemblies", "A;2026-01-22;BIKE;1;;;;1 2;;", "shares", "taken apart", "empty"),
    "shares of nothing": ("assemblies", "A;2026-01-23;BIKE;1;yes;;;0 0;;", "shares", "nothing to split", "above zero"),
    "too few parts": ("assemblies", "A;2026-01-22;BIKE;9;;;;;;2026-01-22", "", "Of product FRAME", "came in"),
    "decision on no order": (
        "decisions",
        "D;2026-01-30;waive;orders;O-7;1/V-1;2026-01-15;;;;;W;",
        "agreement",
        "not",
        "",
    ),
    "decision on no line": (
        "decisions",
        "D;2026-01-30;waive;orders;O-1;7/V-1;2026-01-15;;;;;W;",
        "fact",
        "no such",
        "",
    ),
    "decision on no delivery": (
        "decisions",
        "D;2026-01-30;waive;orders;O-1;1/V-3;2026-01-15;;;;;W;",
        "fact",
        "no such",
        "",
    ),
    "decision on no fact": (
        "decisions",
        "D;2026-01-30;waive;orders;O-1;;2026-01-15;;;;;W;",
        "fact",
        "which",
        "Line of",
    ),
    "decision on another day": (
        "decisions",
        "D;2026-01-30;waive;orders;O-1;1/V-1;2026-01-16;;;;;W;",
        "filed",
        "date",
        "-15",
    ),
    "decision on the order's day": (
        "decisions",
        "D;2026-01-30;waive;orders;O-1;2;2026-01-16;;;;;W;",
        "filed",
        "date",
        "-12",
    ),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_bad_row_is_told_with_its_place_and_nothing_is_imported(shop, wrong):
    name, row, column, problem, expected = wrong
    with (shop / f"{name}.csv").open("a", encoding="utf-8") as file:
        file.write(f"{row}\n")
    before = contents(shop)
    status, answer = run(shop, *FIRST)
    assert (status, answer["issued"], answer["sent"]) == (1, [], 0)
    mine = [bad for bad in answer["rejected"] if (bad["file"], bad["column"]) == (f"{name}.csv", column)]
    assert mine, answer["rejected"]
    assert any(problem in bad["problem"] and expected in bad["expected"] for bad in mine), mine
    assert contents(shop) == before


CHANGED = {  # file, what it says, what it says later, in which column
    "method": ("products", "WHEEL;Wheel;goods;fifo", "WHEEL;Wheel;goods;average", "method"),
    "price": ("prices", "PR-1;WHEEL;;36,00", "PR-1;WHEEL;;35,00", "price"),
    "quotation": ("quotations", "Q-1;1;acme;2026-01-08;2026-02-08", "Q-1;1;acme;2026-01-08;2026-02-09", "valid_until"),
    "order": ("orders", "O-2;1;bolt;2026-01-13;;;WHEEL;;6", "O-2;1;bolt;2026-01-13;;;WHEEL;;7", "quantity"),
    "delivery": ("deliveries", "V-1;1;O-1;2026-01-15;6", "V-1;1;O-1;2026-01-15;7", "quantity"),
    "receipt": ("receipts", "R-1;2026-01-05;WHEEL;40;20,00", "R-1;2026-01-05;WHEEL;40;21,00", "price"),
    "assembly": ("assemblies", "A-1;2026-01-22;BIKE;3", "A-1;2026-01-22;BIKE;2", "quantity"),
}


@pytest.mark.parametrize("changed", CHANGED.values(), ids=CHANGED)
def test_a_row_that_was_written_over_is_refused(shop, changed):
    name, said, says, column = changed
    assert issued(shop, *FIRST)
    file = shop / f"{name}.csv"
    text = file.read_text(encoding="utf-8")
    assert said in text
    file.write_text(text.replace(said, says), encoding="utf-8")
    status, answer = run(shop, *FIRST)
    assert status == 1
    assert (f"{name}.csv", column) in {(bad["file"], bad["column"]) for bad in answer["rejected"]}


def test_every_table_of_orders_is_in_the_folder(shop):
    assert {table.file for table in BY_SOURCE["orders"].tables} == {
        f"{name}.csv" for name in ("products", "prices", "quotations", "orders", "deliveries", "receipts", "assemblies")
    }
    assert all((shop / table.file).is_file() for table in BY_SOURCE["orders"].tables)
