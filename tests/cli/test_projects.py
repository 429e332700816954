"""Projects in a folder: agreed, worked, corrected, looked back on; told twice they are billed once."""

import json
import sys
from datetime import date
from decimal import Decimal

import pytest
from rich.console import Console

from fanbilling.cli.desks.projects import looking
from fanbilling.cli.place import open_place
from fanbilling.sources.projects import Project, TimeEntry
from tests.cli.folders import FIRST, SECOND, books, contents, fanbilling, small

NOTHING = dict.fromkeys(("subscriptions", "lines", "payments", "credits", "decisions"))
FILES = {
    "clients": """
        id;name;country;business;vat_id;email;street;postal_code;city
        acme;Acme B.V.;NL;yes;;acme@acme.example;Dam 1;1012 AA;Amsterdam
        bolt;Bolt Bouw B.V.;NL;yes;NL000012901B01;bolt@bolt.example;Dam 9;3011 AA;Rotterdam
        carol;C. Jansen;NL;no;;carol@post.example;Laan 3;3581 AA;Utrecht
    """,
    "projects": """
        id;client;title;kind;price;tax;budget;start;funder;progress;progress_on;closed;entered
        B-1;acme;Shed;fixed-price;1000,01;standard;;;;;;;2026-01-05
        B-2;bolt;Floor;;;reversed;40;2026-01-12;;;;;
        B-3;carol;Roof;fixed-price;2000,00;standard;;;;30;2026-01-30;;
        B-3;;;;;;;;;25;2026-02-27;;2026-02-27
        B-4;acme;Trial;funded;;outside;;;bolt;;;;
        B-2;;;;;;;;;;;2026-02-20;2026-02-20
    """,
    "installments": """
        project;id;text;date;percent;amount;milestone;released;extra;entered
        B-1;first;On order;2026-01-05;30;;;;;2026-01-05
        B-1;half;Roof on;2026-02-10;40;;yes;;;2026-01-05
        B-1;last;Ready;2026-02-24;30;;;;;2026-01-05
        B-1;more;A window;2026-01-20;;150,00;;;yes;2026-01-20
        B-1;half;;;;;;2026-02-12;;2026-02-12
    """,
    "rates": """
        id;project;employee;client;activity;price;from;until;withdrawn;entered
        R-1;;;;;50,00;2026-01-01;;;
        R-2;B-2;;;;60,00;2026-01-19;;;
    """,
    "hours": """
        id;project;employee;date;hours;billable;activity;text;state;reason;entered
        h1;B-2;joris;2026-01-14;8;;laying;Laying;approved;;2026-01-15
        h2;B-2;joris;2026-01-21;7,5;6;laying;Laying;draft;;2026-01-22
        h2;;;;;;;;approved;;2026-02-03
        h1;;;;6;;;;;Break not taken off;2026-02-04
        h3;B-4;joris;2026-01-28;4;;trying;Trying;approved;;2026-01-28
        h4;B-2;joris;2026-01-29;2;;;;rejected;On another project;2026-01-30
    """,
    "expenses": """
        id;project;date;text;cost;markup;tax;state;reason;entered
        x1;B-2;2026-01-15;Planks;200,00;12,5;standard;approved;;2026-01-16
    """,
    "decisions": """
        id;date;kind;source;agreement;fact;filed;quantity;amount;until;decision;reason;entered
        D-1;2026-01-20;waive;projects;B-2;hours:h1;2026-01-14;1;;;;Courtesy;2026-01-20
    """,
}


def folder_with(at, **changed):
    return small(at, **{**NOTHING, **FILES, **changed})


def run(folder, words=FIRST):
    ran = fanbilling("run", folder, *words, "--json")
    return ran.status, json.loads(ran.out)


def totals(folder):
    with open_place(folder).books.reading() as store:
        return sorted((doc.payer, str(doc.on), str(doc.totals.total)) for doc in store.documents.page(limit=99))


JANUARY = [
    # acme: 30% of 1000.01 = 300.003 → 300.00, and 150.00 extra: 450.00, VAT 94.50
    # bolt: (8 − 1) h × 50.00 = 350.00 reversed, planks 200.00 × 1.125 = 225.00 with VAT 47.25; h2 is a draft
    # carol: 30% of 2000.00 = 600.00, VAT 126.00
    ("acme", "2026-02-01", "544.50"),
    ("bolt", "2026-02-01", "622.25"),
    ("carol", "2026-02-01", "726.00"),
]
FEBRUARY = [
    # acme: 40% = 400.004 → 400.00, last 1000.01 − 300.00 − 400.00 = 300.01: 700.01, VAT 147.0021 → 147.00
    # bolt: h1 is 6 h of which 1 waived: −2 × 50.00 = −100.00; h2 6 h × 60.00 = 360.00: 260.00 reversed
    # carol: 25% is 500.00, so −100.00, VAT −21.00
    ("acme", "2026-03-01", "847.01"),
    ("bolt", "2026-03-01", "260.00"),
    ("carol", "2026-03-01", "-121.00"),
]


def test_two_months_are_billed_to_the_cent_and_twice_changes_nothing(tmp_path):
    folder = folder_with(tmp_path / "there")
    for words, worked in ((FIRST, JANUARY), (SECOND, JANUARY + FEBRUARY)):
        assert run(folder, words)[0] == 0
        assert totals(folder) == sorted(worked)
        before = contents(folder), books(folder)
        status, again = run(folder, words)
        assert (status, again["issued"]) == (0, [])
        assert (contents(folder), books(folder)) == before
    assert fanbilling("verify", folder).status == 0


def test_a_folder_read_late_bills_the_same_in_total(tmp_path):
    folder = folder_with(tmp_path / "there")
    assert run(folder, SECOND)[0] == 0
    # acme 544.50 + 847.01 but VAT once: 1150.01 × 1.21 = 1391.5121; bolt 622.25 + 260.00; carol 726.00 − 121.00
    assert totals(folder) == [
        ("acme", "2026-03-01", "1391.51"),
        ("bolt", "2026-03-01", "882.25"),
        ("carol", "2026-03-01", "605.00"),
    ]


def test_what_is_told_is_kept(tmp_path):
    folder = folder_with(tmp_path / "there")
    run(folder, SECOND)
    with open_place(folder).books.reading() as store:
        project, hours = store.get(Project, "B-2"), store.get(TimeEntry, "h1")
    assert project.closed == date(2026, 2, 20)
    assert [(str(step.on), step.state.value, step.figure) for step in hours.history] == [
        ("2026-01-15", "draft", Decimal(8)),
        ("2026-01-15", "approved", Decimal(8)),
        ("2026-02-04", "approved", Decimal(6)),
    ]


def test_hours_are_credited_by_a_key_that_can_be_read(tmp_path):
    credit = """
        id;date;source;agreement;fact;filed;quantity;amount;then;reason;entered
        C-1;2026-02-10;projects;B-2;hours:h1;2026-01-14;2;;waive;Too slow;2026-02-10
        C-2;2026-02-10;projects;B-1;installment:first;2026-01-05;;25,00;waive;A scratch;2026-02-10
    """
    folder = folder_with(tmp_path / "there", hours=FILES["hours"].replace("h1;;;;6", "h9;;;;6"))
    hours = "\n".join(line for line in FILES["hours"].splitlines() if "h1;;;;6" not in line)
    folder_with(folder, hours=hours, credits=credit)
    assert run(folder)[0] == 0
    middle = ("--until", "2026-01-31", "--on", "2026-02-10")
    assert run(folder, middle)[0] == 0
    # 2 h × 50.00 reversed; 25.00 and VAT 5.25 — and h2, approved on 3 February: 6 × 60.00
    found = [row for row in totals(folder) if row[1] == "2026-02-10"]
    assert found == [
        ("acme", "2026-02-10", "-30.25"),
        ("bolt", "2026-02-10", "-100.00"),
        ("bolt", "2026-02-10", "360.00"),
    ]


BAD = {
    "kind": ("projects", "B-9;acme;T;fixed;;standard;;;;;;;", "kind", "not known here"),
    "no price": ("projects", "B-9;acme;T;fixed-price;;standard;;;;;;;", "price", "has a price"),
    "price": ("projects", "B-9;acme;T;;10,00;standard;;;;;;;", "price", "has no price"),
    "part of a cent": ("projects", "B-9;acme;T;fixed-price;1,001;standard;;;;;;;", "price", "two ways"),
    "no client": ("projects", "B-9;nobody;T;;;standard;;;;;;;", "client", "not in clients.csv"),
    "tax": ("projects", "B-9;acme;T;;;high;;;;;;;", "tax", "not known here"),
    "budget": ("projects", "B-9;acme;T;;;standard;-1;;;;;;", "budget", "negative"),
    "start": ("projects", "B-9;acme;T;;;standard;;soon;;;;;", "start", "not a day"),
    "funder": ("projects", "B-9;acme;T;funded;;outside;;;no-one;;;;", "funder", "not in clients.csv"),
    "progress": (
        "projects",
        "B-9;acme;T;fixed-price;10;standard;;;;101;2026-01-30;;",
        "progress",
        "more than the whole",
    ),
    "progress of hours": ("projects", "B-9;acme;T;;;standard;;;;10;2026-01-30;;", "progress", "Only a fixed price"),
    "no day": ("projects", "B-9;acme;T;fixed-price;10;standard;;;;10;;;", "progress_on", "of when"),
    "no percentage": ("projects", "B-9;acme;T;fixed-price;10;standard;;;;;2026-01-30;;", "progress", "no percentage"),
    "another title": ("projects", "B-2;;Wall;;;;;;;;;;2026-01-20", "title", "cannot change"),
    "closed": ("projects", "B-2;;;;;;;;;;;never;2026-01-20", "closed", "not a day"),
    "no project": ("installments", "B-8;a;T;2026-01-20;;1,00;;;yes;", "project", "not in projects.csv"),
    "of hours": ("installments", "B-2;a;T;2026-01-20;;1,00;;;yes;", "project", "no fixed price"),
    "both": ("installments", "B-1;a;T;2026-01-20;5;1,00;;;;2026-01-05", "amount", "exclude each other"),
    "neither": ("installments", "B-1;a;T;2026-01-20;;;;;;2026-01-05", "percent", "how much"),
    "percent": ("installments", "B-1;a;T;2026-01-20;101;;;;;2026-01-05", "percent", "no part"),
    "extra percent": ("installments", "B-1;a;T;2026-01-20;5;;;;yes;2026-01-05", "percent", "of its own"),
    "no milestone": ("installments", "B-1;a;T;2026-01-20;;1,00;;2026-01-30;yes;2026-01-05", "released", "no milestone"),
    "milestone": ("installments", "B-1;a;T;2026-01-20;;1,00;maybe;;yes;2026-01-05", "milestone", "not known here"),
    "agreed later": ("installments", "B-1;a;T;2026-01-20;;1,00;;;;2026-01-20", "entered", "with the price itself"),
    "rate of a project": ("rates", "R-9;B-8;;;;1,00;2026-01-01;;;", "project", "not in projects.csv"),
    "rate of a client": ("rates", "R-9;;;no;;1,00;2026-01-01;;;", "client", "not in clients.csv"),
    "rate": ("rates", "R-9;;;;;-1;2026-01-01;;;", "price", "negative"),
    "from": ("rates", "R-9;;;;;1,00;;;;", "from", "may not be empty"),
    "until": ("rates", "R-9;;;;;1,00;2026-01-10;2026-01-09;;", "until", "ends before"),
    "withdrawn": ("rates", "R-9;;;;;1,00;2026-01-10;;x;", "withdrawn", "not a day"),
    "hours of a project": ("hours", "h9;B-8;joris;2026-01-20;1;;;;;;", "project", "not in projects.csv"),
    "employee": ("hours", "h9;B-2;j o;2026-01-20;1;;;;;;", "employee", "not an id"),
    "day": ("hours", "h9;B-2;joris;2026-02-30;1;;;;;;", "date", "not on the calendar"),
    "before it starts": ("hours", "h9;B-2;joris;2026-01-02;1;;;;;;", "", "starts on 2026-01-12"),
    "hours": ("hours", "h9;B-2;joris;2026-01-20;25;;;;;;", "hours", "works that long"),
    "no hours": ("hours", "h9;B-2;joris;2026-01-20;0;;;;;;", "hours", "works that long"),
    "the day is full": ("hours", "h9;B-2;joris;2026-01-14;20;;;;;;2026-01-20", "", "8 hours on 2026-01-14 already"),
    "billable": ("hours", "h9;B-2;joris;2026-01-20;1;25;;;;;", "billable", "not so many hours"),
    "activity": ("hours", "h9;B-2;joris;2026-01-20;1;;a\x07b;;;;", "activity", "cannot be printed"),
    "text": ("hours", "h9;B-2;joris;2026-01-20;1;;;a\x00b;;;", "text", "cannot be printed"),
    "state": ("hours", "h9;B-2;joris;2026-01-20;1;;;;aproved;;", "state", "not known here"),
    "rejected without a reason": ("hours", "h9;B-2;joris;2026-01-20;1;;;;rejected;;", "reason", "nothing says why"),
    "corrected without a reason": ("hours", "h1;;;;5;;;;;;2026-01-20", "reason", "does not say why"),
    "a draft again": ("hours", "h1;;;;;;;;draft;;2026-01-20", "state", "no draft again"),
    "corrected and rejected": ("hours", "h1;;;;5;;;;rejected;Why;2026-01-20", "state", "another figure"),
    "expense of a project": ("expenses", "x9;B-8;2026-01-20;T;1,00;;standard;;;", "project", "not in projects.csv"),
    "cost": ("expenses", "x9;B-2;2026-01-20;T;0,00;;standard;;;", "cost", "more than zero"),
    "markup": ("expenses", "x9;B-2;2026-01-20;T;1,00;-1;standard;;;", "markup", "negative"),
    "expense without a text": ("expenses", "x9;B-2;2026-01-20;;1,00;;standard;;;", "text", "may not be empty"),
    "tax of an expense": ("expenses", "x9;B-2;2026-01-20;T;1,00;;;;;", "tax", "may not be empty"),
    "fact": (
        "decisions",
        "D-9;2026-01-20;hold;projects;B-2;hours:h7;2026-01-14;;;;;W;2026-01-20",
        "fact",
        "not in hours.csv",
    ),
    "no kind of fact": (
        "decisions",
        "D-9;2026-01-20;hold;projects;B-2;h1;2026-01-14;;;;;W;2026-01-20",
        "fact",
        "nothing of",
    ),
    "filed": (
        "decisions",
        "D-9;2026-01-20;hold;projects;B-2;hours:h1;2026-01-15;;;;;W;2026-01-20",
        "filed",
        "another day",
    ),
    "of another": (
        "decisions",
        "D-9;2026-01-20;hold;projects;B-1;hours:h1;2026-01-14;;;;;W;2026-01-20",
        "agreement",
        "another",
    ),
    "no such instalment": (
        "decisions",
        "D-9;2026-01-20;hold;projects;B-1;installment:x;2026-01-14;;;;;W;2026-01-20",
        "fact",
        "not in installments.csv",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_is_told_and_nothing_is_billed(case, tmp_path):
    name, row, column, problem = BAD[case]
    folder = folder_with(tmp_path / "there")
    with (folder / f"{name}.csv").open("a", encoding="utf-8") as file:
        file.write(f"{row}\n")
    status, told = run(folder)
    assert status == 1
    last = len((folder / f"{name}.csv").read_text(encoding="utf-8").splitlines())
    [bad] = [bad for bad in told["rejected"] if (bad["file"], bad["line"]) == (f"{name}.csv", last)]
    assert (bad["file"], bad["column"]) == (f"{name}.csv", column)
    assert problem in bad["problem"]
    assert bad["expected"]
    assert (told["issued"], [name for name in contents(folder) if "/" in name]) == ([], [])


def test_a_plan_that_is_no_whole_is_told(tmp_path):
    folder = folder_with(tmp_path / "there", installments=FILES["installments"].replace(";40;;yes", ";35;;yes"))
    status, told = run(folder)
    assert status == 1
    assert told["rejected"][0]["problem"] == "The instalments are 95 of 100."


def test_what_is_wrong_is_left_out_and_the_rest_is_billed(tmp_path):
    folder = folder_with(tmp_path / "there", installments=FILES["installments"].replace(";40;;yes", ";35;;yes"))
    ran = fanbilling("run", folder, *FIRST, "--skip-bad", "--json")
    assert [row[0] for row in totals(folder)] == ["bolt", "carol"]
    assert ran.status == 1


# -------------------------------------------------------------------------------------------------------- the commands

DAYS = ("--from", "2026-01-01", "--until", "2026-02-28")


@pytest.fixture(scope="module")
def billed(tmp_path_factory):
    folder = folder_with(tmp_path_factory.mktemp("projects") / "there")
    assert run(folder, FIRST)[0] == 0
    assert run(folder, SECOND)[0] == 0
    return folder


def test_work_in_progress_answers_a_program(billed):
    ran = fanbilling("wip", billed, "--from", "2026-01-01", "--until", "2026-01-31", "--json")
    assert ran.status == 0
    [shed, floor, _] = json.loads(ran.out)["projects"]
    assert shed["project"] == "B-1"
    # nothing is billed before 1 February: h1 8 × 50.00 = 400.00, h2 6 × 60.00 = 360.00, planks 225.00, 1 h waived
    assert floor["money"] == {
        "opening": "0.00",
        "booked": "985.00",
        "revalued": "0.00",
        "billed": "0.00",
        "written_off": "50.00",
        "closing": "935.00",
    }
    assert floor["hours"]["closing"] == "13"


@pytest.mark.parametrize("width", [80, 110])
def test_work_in_progress_fits_the_screen(billed, monkeypatch, width):
    def narrow(stream=None):
        return Console(file=stream or sys.stdout, width=width, markup=False, emoji=False, highlight=False)

    monkeypatch.setattr(looking, "console", narrow)
    ran = fanbilling("wip", billed, *DAYS)
    assert ran.status == 0
    assert max(map(len, ran.out.splitlines())) <= width
    assert "…" not in ran.out
    told = " ".join(ran.out.split())
    # both months of the shed: 1150.01 booked, 450.00 billed on 1 February
    assert "1,150.01" in told
    assert "700.01" in told
    assert "written off" in told


def test_work_in_progress_of_days_without_any(billed):
    ran = fanbilling("wip", billed, "--from", "2025-01-01", "--until", "2025-01-31")
    assert (ran.status, "Nothing was worked" in ran.out) == (0, True)


@pytest.mark.parametrize("words", [["wip"], ["hours-report", "B-4"]], ids=["wip", "hours-report"])
def test_days_that_run_backwards_are_refused(words, billed):
    command, *project = words
    ran = fanbilling(command, billed, *project, "--from", "2026-02-01", "--until", "2026-01-31")
    assert ran.status == 2
    assert "the last day is before the first" in ran.err


def test_work_in_progress_on_paper(billed):
    ran = fanbilling("wip", billed, *DAYS, "--pdf", "--json")
    assert json.loads(ran.out)["papers"] == ["papers/wip-2026-01-01-2026-02-28.pdf"]
    assert json.loads(fanbilling("wip", billed, *DAYS, "--pdf", "--json").out)["papers"] == []


def test_hours_are_reported_to_a_funder(billed):
    ran = fanbilling("hours-report", billed, "B-4", *DAYS)
    assert ran.status == 0
    assert (billed / "papers" / "hours-B-4-2026-01-01-2026-02-28.pdf").read_bytes().startswith(b"%PDF")
    table = (billed / "papers" / "hours-B-4-2026-01-01-2026-02-28.csv").read_text(encoding="utf-8-sig")
    assert "joris;2026-01-28;trying;Trying;4" in table
    before = contents(billed)
    again = fanbilling("hours-report", billed, "B-4", *DAYS)
    assert "as it was" in again.out
    assert contents(billed) == before


def test_only_what_is_asked_for_is_filed(billed):
    days = ("--from", "2026-01-28", "--until", "2026-01-28")
    assert fanbilling("hours-report", billed, "B-4", *days, "--csv").status == 0
    found = {path.suffix for path in (billed / "papers").glob("hours-B-4-2026-01-28*")}
    assert found == {".csv"}


def test_a_project_that_is_not_there(billed):
    ran = fanbilling("hours-report", billed, "B-44", *DAYS)
    assert ran.status == 1
    assert "Did you mean B-4?" in ran.err
