"""A run does everything that is due, once; whatever changes in the files is corrected by the next run."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest

from fanbilling import verify
from fanbilling.cli.place import open_place
from tests.cli.folders import FIRST, LAST, SECOND, books, contents, copy, fanbilling, in_a_process, sample

NOTHING = {"issued": [], "skipped": [], "rejected": [], "incomplete": [], "sent": 0, "papers": [], "notes": []}
MARCH = ("--until", "2026-03-31", "--on", "2026-04-01")


def answer(folder, *words):
    ran = fanbilling("run", folder, *words, "--json")
    return json.loads(ran.out)


def issued(folder, *words):
    return [(one["payer"], one["total"]) for one in answer(folder, *words)["issued"]]


def append(folder, name, *rows):
    with (folder / name).open("a", encoding="utf-8") as file:
        file.writelines(f"{row}\n" for row in rows)


def rewrite(folder, name, before, after):
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text
    (folder / name).write_text(text.replace(before, after), encoding="utf-8")


def lines_of(folder, number):
    with open_place(folder).books.reading() as store:
        document = store.documents.by_number(number)
        return [(line.text, str(line.net)) for line in document.lines]


# ------------------------------------------------------------------------------------------------------- what comes out


def test_a_run_bills_files_and_mails(folder):
    # acme 12 × 24.95 = 299.40 and 6.5 × 112.50 = 731.25, VAT 216.44; bolt 100.00, VAT 21.00; carol 120.00, VAT 25.20
    assert answer(folder, *FIRST) == {
        "issued": [
            {
                "number": f"2026-000{n}",
                "payer": payer,
                "currency": "EUR",
                "total": total,
                "files": [f"invoices/2026-000{n}.pdf", f"outbox/2026-000{n}.eml"],
            }
            for n, (payer, total) in enumerate([("acme", "1247.09"), ("bolt", "121.00"), ("carol", "145.20")], 1)
        ],
        "skipped": [],
        "rejected": [],
        "incomplete": [],
        "sent": 3,
        "papers": [],
        "notes": [],
    }
    assert (folder / "invoices" / "2026-0001.pdf").read_bytes().startswith(b"%PDF")
    assert sorted(path.name for path in (folder / "clients").iterdir()) == ["acme.html", "bolt.html", "carol.html"]


def test_the_second_month_holds_one_of_everything(after_january):
    # bolt gets 10.00 back, VAT 2.10. carol's year ended on 15 February, 46 of 365 days: 15.12; 104.88 back, VAT 22.02.
    # acme, for itself: January 15 days at 12 × 24.95 is 144.87, so 154.53 back (VAT 32.45), and 16 days at 15 × 27.45
    # is 212.52; February 411.75; half an hour of 112.50 back: 56.25 (VAT 11.81). For bolt, which it pays for from
    # February: 100.00, and 2 × 34.95 = 69.90 at 9%, VAT 6.29. 21% of 724.27 is 152.10. Together 583.39 and 114.13.
    assert issued(after_january, *SECOND) == [("bolt", "-12.10"), ("acme", "697.52"), ("carol", "-126.90")]
    with open_place(after_january).books.reading() as store:
        office = open_place(after_january).office
        open_ = {item.number: str(item.open.amount) for item in office.receivables.open_items(store)}
        assert [str(rest) for rest in office.receivables.on_account(store, "acme")] == []
    # acme paid 1250.00 for a bill of 1247.09: 2.91 goes to its next one.
    assert open_ == {
        "2026-0002": "121.00",
        "2026-0003": "125.20",
        "2026-0004": "-12.10",
        "2026-0005": "694.61",
        "2026-0006": "-126.90",
    }
    assert verify(open_place(after_january).books.reading) == []


def test_a_second_run_changes_nothing_and_says_so(after_january):
    before = contents(after_january), books(after_january)
    again = in_a_process("run", after_january, *FIRST)
    assert again.status == 0
    assert again.out == "Nothing to bill: everything due until 31 January 2026 is on a bill already.\n"
    assert again.err == ""
    assert (contents(after_january), books(after_january)) == before


def test_a_second_run_of_the_sample_changes_nothing(billed, tmp_path):
    folder = copy(billed, tmp_path / "again")
    before = contents(folder), books(folder)
    assert answer(folder, *LAST) == NOTHING
    assert (contents(folder), books(folder)) == before


def test_an_earlier_until_bills_nothing_twice(after_january):
    assert issued(after_january, "--until", "2025-12-31", "--on", "2026-02-01") == []


def test_a_lost_file_is_made_again_as_it_was(after_january):
    before = contents(after_january)
    (after_january / "invoices" / "2026-0002.pdf").unlink()
    (after_january / "clients" / "carol.html").unlink()
    assert fanbilling("run", after_january, *FIRST).status == 0
    assert contents(after_january) == before


def test_half_a_year_at_once_bills_what_six_runs_bill(billed, tmp_path):
    """Also the credits and payments of what is on no bill when they are read."""
    folder = sample(tmp_path / "at-once")
    ran = answer(folder, *LAST)
    assert ran["skipped"] == ran["rejected"] == []
    with open_place(folder).books.reading() as store:
        at_once = store.ledger.balances()
    there = open_place(billed)
    with there.books.reading() as store:
        by_month = store.ledger.balances()
    there.books.close()
    assert at_once["8000", "EUR"] == by_month["8000", "EUR"]
    assert abs(at_once["1300", "EUR"] - by_month["1300", "EUR"]) < Decimal("0.10")  # VAT is rounded once per bill
    assert verify(open_place(folder).books.reading) == []
    assert issued(folder, *LAST) == []


# ----------------------------------------------------------------------------------------------- what changes in a file


def test_a_price_written_over_is_corrected(after_january):
    rewrite(after_january, "subscriptions.csv", "advance;1;120,00", "advance;1;60,00")
    append(after_january, "subscriptions.csv")
    totals = dict(issued(after_january, "--until", "2026-01-31", "--on", "2026-02-02"))
    assert totals == {"carol": "-72.60"}


def test_an_amendment_taken_out_of_the_file_is_taken_back(after_january):
    answer(after_january, *SECOND)
    rewrite(after_january, "subscriptions.csv", "S-3;home;;;;;2026-02-15;;;;;;;2026-02-20\n", "")
    assert issued(after_january, *SECOND) == [("carol", "126.90")]


def test_a_row_taken_out_of_the_file_takes_nothing_back(after_january):
    rewrite(after_january, "lines.csv", "L-1;acme;2026-01-14;Advice;6,5;HUR;112,50;standard;2026-01-15\n", "")
    rewrite(after_january, "lines.csv", "L-1;;;;6;;;;2026-02-03\n", "")
    assert issued(after_january, *FIRST) == []


def test_a_line_withdrawn_after_it_was_billed_is_given_back(after_january):
    append(after_january, "lines.csv", "L-1;;;;0;;;;2026-02-01")
    assert issued(after_january, *FIRST) == [("acme", "-884.81")]  # 731.25 and 153.56 VAT
    assert issued(after_january, *FIRST) == []


def test_who_is_taxed_otherwise_is_so_from_the_day_it_was_entered(after_january):
    append(
        after_january,
        "clients.csv",
        "carol;C. Jansen;BE;yes;;;;;;;2026-02-25",
    )
    rewrite(after_january, "clients.csv", "email;street", "email;vat_id;street")
    text = (after_january / "clients.csv").read_text(encoding="utf-8").splitlines()
    cells = [line.split(";") for line in text]
    for line in cells[1:]:
        line.insert(5, "BE0000999001" if line[-1] == "2026-02-25" else "")
    (after_january / "clients.csv").write_text("\n".join(";".join(line) for line in cells) + "\n", encoding="utf-8")
    ran = answer(after_january, *SECOND)
    assert ran["rejected"] == []
    assert ("carol", "-126.90") in [(one["payer"], one["total"]) for one in ran["issued"]]
    append(after_january, "lines.csv", "L-4;carol;2026-03-02;Advice;1;;100,00;standard;2026-03-03")
    assert ("carol", "100.00") in issued(after_january, *MARCH)  # the charge is reversed


def test_who_is_taxed_otherwise_in_the_same_row_is_so_from_the_day_of_the_run(after_january):
    rewrite(after_january, "clients.csv", "carol;C. Jansen;NL;no", "carol;C. Jansen;CH;yes")
    # Of the year that was billed, 1 February to 31 December is 334 of 365 days: 120.00 × 334 ÷ 365 = 109.81, 23.06 VAT.
    assert issued(after_january, *FIRST) == [("carol", "-23.06")]
    assert issued(after_january, *FIRST) == []
    append(after_january, "lines.csv", "L-4;carol;2026-03-02;Advice;1;;100,00;standard;2026-03-03")
    answer(after_january, *SECOND)
    assert ("carol", "100.00") in issued(after_january, *MARCH)  # a service to a business outside the Union


def test_a_client_who_moved_house_is_not_billed_anew(after_january):
    rewrite(after_january, "clients.csv", "Laan 3", "Laan 5")
    assert issued(after_january, *FIRST) == []
    with open_place(after_january).books.reading() as store:
        from fanbilling import Party

        assert store.get(Party, "carol").address.street == "Laan 5"


# --------------------------------------------------------------------------------------------------- waiting for a bill


def test_a_credit_of_what_this_run_bills_is_given_after_it(folder):
    (folder / "credits.csv").write_text(
        "id;date;source;agreement;fact;filed;quantity;amount;then;reason;entered\n"
        "C-9;2026-01-31;manual;L-1;;2026-01-14;1,5;;waive;Travelling;2026-01-31\n",
        encoding="utf-8",
    )
    # 1.5 × 112.50 = 168.75 and 35.44 VAT
    assert ("acme", "-204.19") in issued(folder, *FIRST)
    assert issued(folder, *FIRST) == []


def test_a_credit_to_be_billed_again_is_billed_again_by_the_same_run(folder):
    (folder / "credits.csv").write_text(
        "id;date;source;agreement;fact;filed;quantity;amount;then;reason;entered\n"
        "C-9;2026-01-31;manual;L-1;;2026-01-14;;;rebill;Order number;2026-01-31\n",
        encoding="utf-8",
    )
    assert [one for one in issued(folder, *FIRST) if one[0] == "acme"] == [
        ("acme", "1247.09"),
        ("acme", "-884.81"),
        ("acme", "884.81"),
    ]
    assert issued(folder, *FIRST) == []


def test_a_credit_that_holds_is_billed_again_when_the_hold_is_taken_back(folder):
    """6.5 × 112.50 = 731.25 and 153.56 VAT: given back and held in January, billed again in February."""
    (folder / "credits.csv").write_text(
        "id;date;source;agreement;fact;filed;quantity;amount;then;reason;entered\n"
        "C-9;2026-01-31;manual;L-1;;2026-01-14;;;hold;To be looked at;2026-01-31\n",
        encoding="utf-8",
    )
    (folder / "decisions.csv").write_text(
        "id;date;kind;source;agreement;fact;filed;quantity;amount;until;decision;reason;entered\n"
        "D-9;2026-02-25;withdraw;;;;;;;;C-9;It was right;2026-02-25\n",
        encoding="utf-8",
    )
    (folder / "lines.csv").write_text(
        "id;client;date;text;quantity;unit;price;tax;entered\n"
        "L-1;acme;2026-01-14;Advice;6,5;HUR;112,50;standard;2026-01-15\n",
        encoding="utf-8",
    )
    assert ("acme", "-884.81") in issued(folder, *FIRST)
    made = json.loads(fanbilling("run", folder, *SECOND, "--json").out)["issued"]
    [number] = [one["number"] for one in made if one["payer"] == "acme"]
    assert ("Advice", "731.25") in lines_of(folder, number)
    assert issued(folder, *SECOND) == []


@pytest.mark.parametrize(
    ("before", "after", "column"),
    [
        (";1,5;", ";2,5;", "quantity"),
        ("manual;L-1;;2026-01-14", "subscriptions;S-1;seats;2026-01-01", "source"),
        ("Travelling", "Goodwill", "reason"),
    ],
)
def test_a_credit_that_was_given_cannot_be_changed(folder, before, after, column):
    (folder / "credits.csv").write_text(
        "id;date;source;agreement;fact;filed;quantity;amount;then;reason;entered\n"
        "C-9;2026-01-31;manual;L-1;;2026-01-14;1,5;;waive;Travelling;2026-01-31\n",
        encoding="utf-8",
    )
    assert ("acme", "-204.19") in issued(folder, *FIRST)
    rewrite(folder, "credits.csv", before, after)
    assert [bad["column"] for bad in answer(folder, *FIRST)["rejected"]] == [column]


def test_a_credit_of_users_gives_back_whole_cycles_of_them(after_january):
    append(
        after_january, "credits.csv", "C-9;2026-02-10;subscriptions;S-1;seats;2026-01-01;2;;waive;Two left;2026-02-10"
    )
    rewrite(after_january, "credits.csv", "C-1;", "C-0;")
    # 2 × 24.95 = 49.90 and 10.48 VAT
    assert ("acme", "-60.38") in issued(after_january, *FIRST[:3], "2026-02-10")


def test_a_credit_of_nothing_on_a_bill_is_told_and_the_rest_is_billed(folder):
    (folder / "credits.csv").write_text(
        "id;date;source;agreement;fact;filed;quantity;amount;then;reason;entered\n"
        "C-9;2026-01-31;subscriptions;S-2;care;2026-02-01;;;waive;Too early;\n",
        encoding="utf-8",
    )
    ran = fanbilling("run", folder, *FIRST, "--json")
    assert ran.status == 1
    assert len(json.loads(ran.out)["issued"]) == 3
    assert [(row["file"], row["line"], row["column"]) for row in json.loads(ran.out)["rejected"]] == [
        ("credits.csv", 2, "agreement")
    ]


def test_a_payment_of_a_bill_that_comes_with_this_run_is_booked_after_it(folder):
    rewrite(folder, "payments.csv", "P-1;2026-02-12", "P-1;2026-02-01")
    rewrite(folder, "payments.csv", "thank you;2026-02-13", "thank you;2026-02-01")
    assert fanbilling("run", folder, *FIRST).status == 0
    with open_place(folder).books.reading() as store:
        assert [str(rest) for rest in open_place(folder).office.receivables.on_account(store, "acme")] == ["EUR 2.91"]


# ------------------------------------------------------------------------------------------------- stopped and hindered


def test_dates_on_bills_never_go_back(after_january):
    ran = fanbilling("run", after_january, "--until", "2026-02-28", "--on", "2026-01-31")
    assert ran.status == 1
    assert "the books know what was known on 2026-02-01 already" in ran.err
    assert "Give 2026-02-01 or a later day." in ran.err


def test_two_runs_at_once_bill_everything_once(folder):
    command = [sys.executable, "-m", "fanbilling", "run", str(folder), *FIRST, "--json"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    told = [run.communicate() for run in both]
    assert not any(b"Traceback" in err for _, err in told)
    numbers = [one["number"] for out, _ in told for one in json.loads(out).get("issued", ())]
    assert len(numbers) == len(set(numbers))
    assert issued(folder, *FIRST) == []
    place = open_place(folder)
    with place.books.reading() as store:
        numbered = [document.number for document in store.documents.page(limit=9)]
    assert numbered == ["2026-0001", "2026-0002", "2026-0003"]
    assert verify(place.books.reading) == []
    place.books.close()
    assert len(list((folder / "outbox").iterdir())) == len(list((folder / "invoices").iterdir())) == 3


def test_a_client_without_an_address_for_mail_is_told_and_filed(folder):
    """Paper is not an error: the run is clean, and the mail goes out when there is an address."""
    rewrite(folder, "clients.csv", "acme@acme.example", "")
    ran = fanbilling("run", folder, *FIRST)
    assert ran.status == 0
    assert "send by post: acme" in ran.err
    assert (folder / "invoices" / "2026-0001.pdf").is_file()
    assert not (folder / "outbox" / "2026-0001.eml").exists()
    assert answer(folder, *FIRST)["skipped"] == []
    rewrite(folder, "clients.csv", "acme;Acme B.V.;NL;yes;;", "acme;Acme B.V.;NL;yes;acme@acme.example;")
    assert answer(folder, *FIRST)["sent"] == 1
    assert (folder / "outbox" / "2026-0001.eml").is_file()


@pytest.mark.parametrize("number", ["{series}/{n:04}", "../{series}-{n}", "{series} nr {n}"])
def test_a_number_never_leads_out_of_its_folder(folder, number):
    rewrite(folder, "settings.toml", "[seller]", f'[settings]\nnumber = "{number}"\n[seller]')
    assert fanbilling("run", folder, *FIRST).status == 0
    pdfs = [name for name in contents(folder) if name.endswith(".pdf")]
    assert len(pdfs) == 3
    assert all(name.startswith("invoices/") and name.count("/") == 1 for name in pdfs)
    assert fanbilling("run", folder, *FIRST).status == 0


def test_a_page_that_cannot_be_written_is_told_and_the_rest_is_done(folder):
    (folder / "clients" / "bolt.html").mkdir(parents=True)
    ran = fanbilling("run", folder, *FIRST, "--json")
    assert ran.status == 1
    assert [one["payer"] for one in json.loads(ran.out)["skipped"]] == ["bolt"]
    assert len(json.loads(ran.out)["issued"]) == 3
    assert (folder / "clients" / "carol.html").is_file()


def test_the_page_of_a_client_tells_what_is_open_and_links_to_it(after_january):
    page = (after_january / "clients" / "acme.html").read_text(encoding="utf-8")
    assert "2026-0001" in page
    assert "../invoices/2026-0001.pdf" in page
    assert "1,247.09" in page


def test_the_days_are_those_of_the_rows(folder):
    """What was entered later, or is dated later, is not seen."""
    append(folder, "lines.csv", "L-9;acme;2026-01-20;Late;1;;10,00;standard;2026-02-02")
    ran = answer(folder, *FIRST)
    assert ran["issued"][0]["total"] == "1247.09"
    assert date.fromisoformat(SECOND[3]) > date(2026, 2, 2)
