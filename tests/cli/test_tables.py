"""The exchange folder: what is read, what is refused, and in which words."""

from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanbilling.cli.columns import DAY, GIVEN, NUMBER, Wrong
from fanbilling.cli.desks.lines import LINES
from fanbilling.cli.desks.subscriptions.rows import SUBSCRIPTIONS
from fanbilling.cli.folder import read_folder
from fanbilling.cli.reading import read
from fanbilling.cli.reference import described
from fanbilling.cli.rows import CLIENTS, CREDITS, DECISIONS, PAYMENTS, TABLES

CLIENT = "id;name;country;business;street;postal_code;city;payer;payer_from;entered\n"
LINE = "id;client;date;text;quantity;price;tax;entered\n"
SUBSCRIPTION = "subscription;line;client;text;start;end;months;billed;quantity;price;tax;from;entered\n"
PAYMENT = "id;date;client;amount;reference\n"
CREDIT = "id;date;source;agreement;fact;filed;quantity;amount;reason\n"
DECISION = "id;date;kind;source;agreement;fact;filed;quantity;amount;until;decision;reason;entered\n"

ACME = "acme;Acme B.V.;NL;yes;Dam 1;1012 AA;Amsterdam;;;\n"
HOURS = "L-1;acme;2026-02-12;Advice;6,5;112,50;standard;\n"
SEATS = "S-1;seats;acme;Licence;2026-01-31;;1;advance;12;24,95;standard;;\n"


def only(table, text):
    """The one thing that is wrong with a file."""
    [bad] = read(table, text.encode()).bad
    return bad


def folder(**parts):
    """Read a folder of these files."""
    return read_folder({f"{name}.csv": text.encode() for name, text in parts.items()})


# ------------------------------------------------------------------------------------------------- the sample, the page


def sample():
    home = files("fanbilling.samples") / "brinkhoff"
    return {entry.name: entry.read_bytes() for entry in home.iterdir()}


def test_the_sample_company_has_no_bad_row():
    everything, bad = read_folder(sample())
    assert bad == ()
    assert len({client.id for client in everything.of(CLIENTS)}) == 47


def test_the_sample_company_is_whole_on_every_day_of_its_half_year():
    everything, _ = read_folder(sample())
    for month in range(2, 8):
        known = everything.known(date(2026, month, 1))
        clients = {client.id for client in known.of(CLIENTS)}
        assert {row.client for row in (*known.of(SUBSCRIPTIONS), *known.of(LINES), *known.of(PAYMENTS))} <= clients
    assert known == everything


def test_the_reference_page_says_what_the_columns_say():
    page = (Path(__file__).parents[2] / "docs" / "reference" / "exchange-folder.md").read_text(encoding="utf-8")
    assert described(page) == page
    assert all(f"| `{name}` |" in page for table in TABLES for name in table.columns)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file)
def test_every_example_of_the_page_can_be_read(table):
    for _, about in table.columns.values():
        assert not isinstance(about.kind.read(about.example), Wrong), about


# --------------------------------------------------------------------------------------------------- the form of a file


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.encode(), id="plain"),
        pytest.param(lambda text: text.encode("utf-8-sig"), id="byte order mark"),
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="Windows line ends"),
        pytest.param(lambda text: text.replace("\n", "\r").encode(), id="old Macintosh line ends"),
        pytest.param(lambda text: text.replace(",", ".").replace(";", ",").encode(), id="commas"),
        pytest.param(lambda text: text.replace("Advice", '"Advice"').encode(), id="quotes"),
        pytest.param(lambda text: text.replace("\n", "\n\n;;;;;;;\n").encode(), id="blank rows"),
        pytest.param(lambda text: text.replace("id;client", " ID ; Client ").encode(), id="capitals in the header"),
        pytest.param(lambda text: text.strip().encode(), id="no line end at the end"),
    ],
)
def test_a_file_is_read_however_a_spreadsheet_wrote_it(change):
    sheet = read(LINES, change(LINE + HOURS))
    [row] = sheet.rows
    assert sheet.bad == ()
    assert (row.id, row.client, row.date, row.text) == ("L-1", "acme", date(2026, 2, 12), "Advice")
    assert (row.quantity, row.price, row.unit, row.bill_on) == (Decimal("6.5"), Decimal("112.5"), "C62", None)


def test_a_quoted_text_keeps_separators_quotes_and_its_line():
    text = LINE + HOURS.replace("Advice", '"Advice; ""urgent"""') + HOURS.replace("L-1", "L-2")
    first, second = read(LINES, text.encode()).rows
    assert first.text == 'Advice; "urgent"'
    assert (first.row, second.row) == (2, 3)


def test_a_formula_is_data():
    [row] = read(LINES, (LINE + HOURS.replace("Advice", "=1+2")).encode()).rows
    assert row.text == "=1+2"


@pytest.mark.parametrize(
    ("data", "line", "problem"),
    [
        (b"", 1, "This file is empty."),
        (b"\xef\xbb\xbf\r\n", 1, "This file is empty."),
        ((LINE + HOURS).replace("Advice", "Advies caf\u00e9").encode("cp1252"), 2, "looks like Windows-1252 (cp1252)"),
        (LINE.encode("utf-16"), 1, "looks like UTF-16"),
        ((LINE + HOURS.replace("Advice", '"Advice')).encode(), 2, "The quotes in this row do not match"),
        ((LINE + HOURS.replace("Advice", '"Advice" now')).encode(), 2, "The quotes in this row do not match"),
        ((LINE + HOURS.replace("Advice", "x" * 200_000)).encode(), 2, "a cell is endless"),
        ((LINE + HOURS.replace("Advice", "Advice; urgent")).encode(), 2, "This row has 9 cells and the header has 8."),
        ((LINE + "L-1;acme\n").encode(), 2, "This row has 2 cells and the header has 8."),
    ],
)
def test_a_file_that_cannot_be_taken_apart_is_reported_kindly(data, line, problem):
    sheet = read(LINES, data)
    [bad] = sheet.bad
    assert sheet.rows == ()
    assert bad.line == line
    assert problem in bad.problem
    assert bad.expected.endswith(".")


@pytest.mark.parametrize(
    ("header", "column", "problem", "expected"),
    [
        (LINE.replace("price", "pice"), "pice", "This column is not known here.", "Did you mean price?"),
        (LINE.replace("price", "zzz"), "zzz", "This column is not known here.", "Known are id, client, date"),
        (LINE.replace("price", "pice"), "price", "This column is missing.", "Price of one, without VAT"),
        (LINE.replace("entered", "text"), "text", "This column stands in the header twice.", "Keep one of the two."),
    ],
)
def test_a_wrong_header_refuses_the_whole_file(header, column, problem, expected):
    sheet = read(LINES, (header + HOURS.replace("standard;", "standard;x") * 2).encode())
    [bad] = [bad for bad in sheet.bad if (bad.column, bad.problem) == (column, problem)]
    assert sheet.rows == ()
    assert bad.line == 1
    assert expected in bad.expected


def test_everything_wrong_is_reported_at_once():
    rows = "L-1;acme;2026-02-30;Advice;1e3;112,50;standart;\n" + HOURS.replace("L-1", "L 2").replace("Advice", "")
    bad = read(LINES, (LINE + rows).encode()).bad
    assert [(row.line, row.column, row.value) for row in bad] == [
        (2, "date", "2026-02-30"),
        (2, "quantity", "1e3"),
        (2, "tax", "standart"),
        (3, "id", "L 2"),
        (3, "text", ""),
    ]


def test_a_bad_row_is_a_sentence():
    assert str(only(LINES, LINE + HOURS.replace("standard", "standart"))) == (
        'lines.csv, line 2, column tax: This word is not known here. It says "standart". '
        "Write standard, reduced, zero, exempt, outside or reversed. Did you mean standard?"
    )


# -------------------------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,50", "1234.5"),
        ("1234,50", "1234.5"),
        ("1234.50", "1234.5"),
        ("1,234.50", "1234.5"),
        ("1.234.567", "1234567"),
        ("12.345.678,9", "12345678.9"),
        ("0,125", "0.125"),
        ("1234,567", "1234.567"),
        ("0", "0"),
        ("999999999999999,999999", "999999999999999.999999"),
    ],
)
def test_a_number_with_one_reading_is_understood(text, number):
    assert NUMBER.read(text) == Decimal(number)


@pytest.mark.parametrize("text", ["1,234", "1.234", "12,345", "-999.000"])
def test_a_number_with_two_readings_is_refused_with_both(text):
    wrong = GIVEN.read(text)
    plain = text.replace(",", "").replace(".", "")
    assert isinstance(wrong, Wrong)
    assert f"Write {plain} for thousands, or {text.replace('.', ',')}0 for decimals." == wrong.expected


@pytest.mark.parametrize(
    "text",
    [
        "1e3",
        "NaN",
        "inf",
        "-Infinity",
        "0x1F",
        "١٢",
        "１２",
        "True",
        "1_000",
        "€5",
        "+5",
        "5-",
        ",5",
        "5,",
        "--5",
        "1.23.456",
        "1.2345.678",
        "0.000.000",
        "1,234,56",
        "1111111111111111",
        "1,0000001",
        "½",
        "1'234",
    ],
)
def test_what_is_not_plainly_a_number_is_refused(text):
    assert isinstance(NUMBER.read(text), Wrong)
    assert isinstance(GIVEN.read(text), Wrong)


@given(st.decimals("0.01", "999999999999999", places=2))
def test_a_number_survives_being_written_and_read(number):
    for text in (f"{number}", f"{number}".replace(".", ","), f"{number:,}"):
        assert GIVEN.read(text) == number
        assert str(GIVEN.read(text)) in {f"{number}", "0"}


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [(NUMBER, "-1", "This number is negative."), (GIVEN, "1,2345", "This amount has parts of a cent.")],
)
def test_a_number_stays_within_its_meaning(kind, text, problem):
    wrong = kind.read(text)
    assert isinstance(wrong, Wrong)
    assert wrong.problem == problem


# ----------------------------------------------------------------------------------------------------------------- days


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_day_survives_being_written_and_read(day):
    assert DAY.read(f"{day}") == day
    for text in (f"{day:%d-%m-%Y}", f"{day.day}/{day.month}/{day.year}"):
        if day.day > 12:
            assert DAY.read(text) == day
        else:
            wrong = DAY.read(text)
            assert isinstance(wrong, Wrong)
            assert f"{day}" in wrong.expected


def test_a_day_with_two_readings_is_refused_with_both():
    assert DAY.read("03/04/2026") == Wrong(
        "This day can be read in two ways, day first or month first.", "Write 2026-04-03 or 2026-03-04."
    )


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29",
        "2026-13-01",
        "31-11-2026",
        "01/31/2026",
        "1989-12-31",
        "2101-01-01",
        "2026-1-5",
        "31-01/2026",
        "20260131",
        "31-01-26",
        "٢٠٢٦-٠١-٣١",
        "yesterday",
        "46053",
        "2026-01-31T00:00",
        "00-00-2026",
        "03/04/1850",
    ],
)
def test_what_is_not_plainly_a_day_is_refused(text):
    assert isinstance(DAY.read(text), Wrong)


# ---------------------------------------------------------------------------------------------------------------- texts


@pytest.mark.parametrize("text", ["a\0b", "a\tb", "a\u202eb", "a\u2066b", "a\u2028b", "a\x85b", '"a\nb"'])
def test_a_text_with_hidden_characters_is_refused_and_shown_harmlessly(text):
    bad = only(LINES, LINE + HOURS.replace("Advice", text))
    assert bad.problem.startswith("Character 2 cannot be printed")
    assert bad.value.isprintable()


def test_a_lone_surrogate_is_no_utf8():
    data = (LINE + HOURS.replace("Advice", "\ud800")).encode("utf-8", "surrogatepass")
    [bad] = read(LINES, data).bad
    assert "not written in UTF-8" in bad.problem


def test_a_text_that_is_too_long_is_refused_and_cut():
    bad = only(LINES, LINE + HOURS.replace("Advice", "x" * 501))
    assert bad.problem == "This text has 501 characters."
    assert len(bad.value) == 60


@pytest.mark.parametrize("text", ["a b", "é", "a;b", "x" * 65, "a\\b", "=1", "a:b"])
def test_an_id_is_plain(text):
    assert only(PAYMENTS, PAYMENT + f'"{text}";2026-02-20;acme;10;\n').column == "id"


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [("NL", "Nederland", "country"), ("NL", "nl", "country"), (";yes", ";ja", "business"), ("Acme B.V.", "", "name")],
)
def test_a_client_is_described_in_full(old, new, column):
    assert only(CLIENTS, CLIENT + ACME.replace(old, new)).column == column


@pytest.mark.parametrize("text", ["acme", "a@b", "a@b.example, c@d.example", "<a@b.example>", "a b@c.example"])
def test_an_address_is_one_address(text):
    data = CLIENT.replace("entered", "email") + ACME.replace(";;;\n", f';;;"{text}"\n')
    assert only(CLIENTS, data).column == "email"


# ----------------------------------------------------------------------------------------------------------- later rows


def test_a_later_row_says_only_what_is_new():
    later = "L-1;;;;0;;;2026-03-01\n"
    first, second = read(LINES, (LINE + HOURS + later).encode()).rows
    assert (second.client, second.date, second.text, second.price) == (
        first.client,
        first.date,
        first.text,
        first.price,
    )
    assert (second.quantity, second.entered, second.row) == (0, date(2026, 3, 1), 3)


def test_rows_come_in_the_order_in_which_they_became_known():
    text = LINE + "L-1;;;Better;;;;2026-03-02\n" + "L-1;;;;7;;;2026-03-01\n" + HOURS
    rows = read(LINES, text.encode()).rows
    assert [(row.row, row.text, row.quantity) for row in rows] == [
        (4, "Advice", Decimal("6.5")),
        (3, "Advice", 7),
        (2, "Better", 7),
    ]


@pytest.mark.parametrize(
    ("table", "text", "problem"),
    [
        (LINES, LINE + HOURS + HOURS, "This stands on line 2 already."),
        (PAYMENTS, PAYMENT + "P-1;2026-02-20;acme;10;\n" * 2, "This stands on line 2 already."),
        (SUBSCRIPTIONS, SUBSCRIPTION + SEATS + SEATS, "This stands on line 2 already."),
        (LINES, LINE + HOURS + "L-1;;2026-02-13;;;;;2026-03-01\n", "This cannot change; it was 2026-02-12."),
        (SUBSCRIPTIONS, SUBSCRIPTION + SEATS + "S-1;seats;;;;;3;;;20;;2026-02-28;\n", "This cannot change; it was 1."),
    ],
)
def test_a_later_row_that_contradicts_is_refused(table, text, problem):
    assert only(table, text).problem == problem


def test_what_builds_on_a_bad_row_is_bad():
    first, second = read(LINES, (LINE + HOURS.replace("6,5", "many") + "L-1;;;;7;;;2026-03-01\n").encode()).bad
    assert (first.line, second.line) == (2, 3)
    assert second.problem == "Line 2 is about the same thing, and is wrong."


# ------------------------------------------------------------------------------------------------------- rules of a row


def test_a_subscription_is_statements_about_its_lines():
    changes = "S-1;seats;;;;;;;15;27,45;;2026-03-16;2026-04-02\n" + "S-1;seats;;;;2026-06-30;;;;;;;2026-05-01\n"
    start, change, end = read(SUBSCRIPTIONS, (SUBSCRIPTION + SEATS + changes).encode()).rows
    assert (start.quantity, start.price, start.since, start.end) == (12, Decimal("24.95"), None, None)
    assert (change.quantity, change.price, change.since, change.end) == (15, Decimal("27.45"), date(2026, 3, 16), None)
    assert (end.quantity, end.price, end.since, end.end) == (None, None, None, date(2026, 6, 30))
    assert start.start == change.start == end.start


def test_a_line_starts_with_one_unless_it_says_more():
    [row] = read(SUBSCRIPTIONS, (SUBSCRIPTION + SEATS.replace(";12;", ";;")).encode()).rows
    assert row.quantity == 1


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (SEATS.replace("2026-01-31;;", "2026-01-31;2026-01-30;"), "end"),
        (SEATS.replace(";;\n", ";2026-03-01;\n"), "from"),
        (SEATS.replace(";1;", ";0;"), "months"),
        (SEATS.replace(";1;", ";1,5;"), "months"),
        (SEATS.replace("24,95", ""), "price"),
        (SEATS.replace("24,95", "-24,95"), "price"),
        (SEATS + "S-1;seats;;;;;;;15;;;;2026-04-02\n", "from"),
        (SEATS + "S-1;seats;;;;;;;15;;;2026-01-30;2026-04-02\n", "from"),
        (SEATS + "S-1;seats;;;;;;;;;;2026-03-16;2026-04-02\n", "price"),
        (SEATS + "S-1;seats;;;;2026-06-30;;;15;;;2026-03-16;2026-04-02\n", "end"),
    ],
)
def test_a_statement_about_a_subscription_is_a_start_a_change_or_an_end(row, column):
    assert only(SUBSCRIPTIONS, SUBSCRIPTION + row).column == column


@pytest.mark.parametrize(
    ("table", "text", "column"),
    [
        (PAYMENTS, PAYMENT + "P-1;2026-02-20;;10;\n", "client"),
        (PAYMENTS, PAYMENT + "P-1;2026-02-20;acme;0,00;\n", "amount"),
        (CREDITS, CREDIT + "C-1;2026-03-18;manual;L-1;;2026-02-12;1;10;Sorry\n", "amount"),
        (CREDITS, CREDIT + "C-1;2026-03-18;manual;L-1;;2026-02-12;0;;Sorry\n", "quantity"),
        (CREDITS, CREDIT + "C-1;2026-03-18;manual;L-1;;2026-02-12;;-10;Sorry\n", "amount"),
        (CREDITS, CREDIT + "C-1;2026-03-18;manual;L-1;seats;2026-02-12;;;Sorry\n", "fact"),
        (CREDITS, CREDIT + "C-1;2026-03-18;subscriptions;S-1;;2026-02-12;;;Sorry\n", "fact"),
        (DECISIONS, DECISION + "D-1;2026-03-18;concede;manual;L-1;;2026-02-12;;;;;Sorry;\n", "amount"),
        (DECISIONS, DECISION + "D-1;2026-03-18;waive;manual;L-1;;2026-02-12;;;2026-05-01;;Sorry;\n", "until"),
        (DECISIONS, DECISION + "D-1;2026-03-18;hold;;L-1;;2026-02-12;;;;;Sorry;\n", "source"),
        (DECISIONS, DECISION + "D-2;2026-03-18;withdraw;;;;;;;;;Sorry;\n", "decision"),
        (DECISIONS, DECISION + "D-2;2026-03-18;withdraw;;;;;1;;;D-1;Sorry;\n", "quantity"),
        (CLIENTS, CLIENT + ACME.replace(";;;\n", ";acme;;\n"), "payer"),
        (CLIENTS, CLIENT + ACME.replace(";;;\n", ";;2026-04-01;\n"), "payer"),
    ],
)
def test_a_row_agrees_with_itself(table, text, column):
    assert only(table, text).column == column


# ------------------------------------------------------------------------------------------------ files and one another


GOOD = {"clients": CLIENT + ACME, "lines": LINE + HOURS, "subscriptions": SUBSCRIPTION + SEATS}


def test_absent_files_are_empty():
    everything, bad = folder(clients=CLIENT + ACME)
    assert bad == ()
    assert everything.of(LINES) == ()


@pytest.mark.parametrize(
    ("change", "file", "column", "said"),
    [
        ({"lines": LINE + HOURS.replace("acme", "acne")}, "lines.csv", "client", "Did you mean acme?"),
        ({"clients": CLIENT + ACME.replace(";;;\n", ";holding;;\n")}, "clients.csv", "payer", "not in clients.csv"),
        ({"payments": PAYMENT + "P-1;2026-02-20;nobody;10;\n"}, "payments.csv", "client", "not in clients.csv"),
        (
            {"credits": CREDIT + "C-1;2026-03-18;manual;L-9;;2026-02-12;;;Sorry\n"},
            "credits.csv", "agreement", "Did you mean L-1?",
        ),
        (
            {"credits": CREDIT + "C-1;2026-03-18;manual;L-1;;2026-02-11;;;Sorry\n"},
            "credits.csv", "filed", "Write 2026-02-12.",
        ),
        (
            {"credits": CREDIT + "C-1;2026-03-18;subscriptions;S-1;seat;2026-02-28;;;Sorry\n"},
            "credits.csv", "fact", "Did you mean seats?",
        ),
        (
            {"credits": CREDIT + "C-1;2026-03-18;subscriptions;S-2;seats;2026-02-28;;;Sorry\n"},
            "credits.csv", "agreement", "Did you mean S-1?",
        ),
        (
            {"decisions": DECISION + "D-1;2026-03-18;waive;subscriptions;S-1;seats;2026-01-01;;;;;Sorry;\n"},
            "decisions.csv", "filed", "The line starts later.",
        ),
        (
            {"decisions": DECISION + "D-2;2026-03-18;withdraw;;;;;;;;D-1;Sorry;\n"},
            "decisions.csv", "decision", "not in decisions.csv",
        ),
        (
            {"subscriptions": SUBSCRIPTION + SEATS + SEATS.replace("seats;acme", "more;beta"),
             "clients": CLIENT + ACME + ACME.replace("acme", "beta")},
            "subscriptions.csv", "client", "This subscription is of client acme.",
        ),
        ({"client": CLIENT + ACME}, "client.csv", "", "Did you mean clients.csv?"),
    ],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_is_refused(change, file, column, said):
    _, (bad, *_) = folder(**(GOOD | change))
    assert (bad.file, bad.column) == (file, column)
    assert said in f"{bad.problem} {bad.expected}"


def test_a_row_is_not_known_before_what_it_refers_to():
    clients = CLIENT + ACME.replace(";;;\n", ";;;2026-03-01\n")
    _, [bad] = folder(clients=clients, lines=LINE + HOURS)
    assert bad.expected == "Write 2026-03-01 or later in the column entered."


def test_a_payer_pays_for_itself():
    clients = ACME + ACME.replace("acme", "holding").replace(";;;\n", ";acme;;\n")
    clients += ACME.replace("acme", "child").replace(";;;\n", ";holding;;\n")
    _, [bad] = folder(clients=CLIENT + clients)
    assert (bad.line, bad.problem) == (4, "The payer is itself paid for by another client.")


def test_a_withdrawal_is_not_withdrawn():
    hold = "D-1;2026-03-18;hold;manual;L-1;;2026-02-12;;;;;Wait;\n"
    taken_back = "D-2;2026-03-19;withdraw;;;;;;;;D-1;Go;\n" + "D-3;2026-03-20;withdraw;;;;;;;;D-2;No;\n"
    everything, [bad] = folder(**GOOD, decisions=DECISION + hold + taken_back)
    assert bad.line == 4
    assert [decision.id for decision in everything.of(DECISIONS)] == ["D-1", "D-2"]


def test_refusing_a_client_refuses_all_that_is_his():
    everything, bad = folder(
        **GOOD | {"clients": CLIENT + ACME.replace("NL", "Holland")},
        payments=PAYMENT + "P-1;2026-02-20;acme;10;\n",
        credits=CREDIT + "C-1;2026-03-18;manual;L-1;;2026-02-12;;;Sorry\n",
    )
    assert everything == type(everything)()
    assert [row.file for row in bad] == ["clients.csv", "credits.csv", "lines.csv", "payments.csv", "subscriptions.csv"]


def test_a_refused_row_takes_its_later_rows_along():
    later = "L-1;;;;7;;;2026-03-02\n"
    clients = CLIENT + ACME.replace(";;;\n", ";;;2026-03-01\n")
    everything, bad = folder(clients=clients, lines=LINE + HOURS + later)
    assert everything.of(LINES) == ()
    assert [(row.line, row.column) for row in bad] == [(2, "client"), (3, "id")]


def test_a_folder_is_known_as_it_was_on_a_day():
    everything, _ = folder(**GOOD | {"lines": LINE + HOURS + "L-1;;;;7;;;2026-03-02\n"})
    assert [row.quantity for row in everything.known(date(2026, 3, 1)).of(LINES)] == [Decimal("6.5")]
    assert everything.known(date(2026, 3, 2)) == everything


# ---------------------------------------------------------------------------------------------------- whatever it holds


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "L-1", "acme", "2026-02-12", "1,5", "standard", "manual", "S-1", "hold", "yes", '"', "\0"]),
)


@given(st.binary(max_size=400))
def test_no_bytes_raise(data):
    for table in TABLES:
        for bad in read(table, data).bad:
            assert str(bad).isprintable()


@given(st.data())
def test_no_cells_raise(data):
    parts = {}
    for table in TABLES:
        rows = data.draw(
            st.lists(st.lists(CELLS, min_size=len(table.columns), max_size=len(table.columns)), max_size=4)
        )
        text = "\n".join(";".join(cells) for cells in ([*table.columns], *rows))
        parts[table.file] = text.encode("utf-8", "surrogatepass")
    everything, bad = read_folder(parts)
    assert all(row.expected for row in bad)
    assert read_folder(parts) == (everything, bad)
