"""Courses in an exchange folder: from a registration to the certificate, with every row that can be wrong."""

import io
import json
from email import message_from_bytes, policy

import pytest
from pypdf import PdfReader

from fanbilling.cli.columns import Wrong
from fanbilling.cli.desks.courses.kinds import AHEAD, ATTENDED, CANCELLATION, DAYS, OFFER, SEATS, SUBSTITUTION, ZONE
from tests.cli.folders import books, contents, fanbilling, small
from tests.cli.test_bad_input import append

HEAD = "id;date;session;client;payer;name;email;participant;discount;attended;status;fee;fee_payer;reason;entered"
FEBRUARY = ("--until", "2026-02-28", "--on", "2026-03-01")
MARCH = ("--until", "2026-03-31", "--on", "2026-04-01")

TAUGHT = {
    "subscriptions": None,
    "lines": None,
    "payments": None,
    "credits": None,
    "decisions": None,
    "courses": """
        id;title;price;tax;reviewed;bill_days;offer_days;cancellation;fee_text;substitution;certificate;study_load;attendance
        PLAN;Planning;495,00;standard;;;;50% within 14 days, 100% within 2 days;Late cancellation;;Passed;14;50
        LOOK;Looked at;80,00;exempt;yes;;3;;;no;;;
    """,
    "sessions": """
        id;course;date;days;place;teacher;capacity;minimum;state;reason
        MAR;PLAN;2026-01-05;2026-03-05 09:30-16:30, 2026-03-06 09:30-12:00;Utrecht;M. de Wit;2;1;;
        APR;PLAN;2026-01-05;2026-04-16 09:30-16:30;Zwolle;M. de Wit;4;3;;
        LOOKS;LOOK;2026-01-05;2026-04-20 10:00-12:00;Zwolle;;1;;;
        MAR;;2026-03-06;;;;;;done;
    """,
    "registrations": f"""
        {HEAD}
        R-1;2026-02-01;MAR;acme;;Ada Een;ada@acme.example;;;;;;;;
        R-2;2026-02-02;MAR;;;Bob Twee;Bob@Post.example;;;;;;;;
        R-1;2026-03-06;;;;;;;;all;;;;;
        R-2;2026-03-06;;;;;;;;2026-03-05;;;;;
    """,
}


@pytest.fixture
def taught(tmp_path):
    """The small folder, which gives courses and does nothing else."""
    return small(tmp_path / "taught", **TAUGHT)


def registered(folder, *rows):
    """Write the registrations anew."""
    (folder / "registrations.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")


def run(folder, *words):
    ran = fanbilling("run", folder, *(words or FEBRUARY), "--json")
    assert "Traceback" not in ran.err
    return ran.status, json.loads(ran.out)


def seats(folder, session):
    answer = json.loads(fanbilling("courses", folder, "--session", session, "--json").out)
    [one] = answer["sessions"]
    return one, {each["registration"]: each["state"] for each in one["participants"]}


def totals(answer):
    return [(one["payer"], one["total"]) for one in answer["issued"]]


# ------------------------------------------------------------------------------------------------ a course, from A to Z


def test_a_seat_is_billed_reminded_of_and_certified(taught):
    # 495.00 and 21% of it, 103.95: 598.95; who pays for R-2 is not known
    status, answer = run(taught)
    assert (status, totals(answer)) == (0, [("acme", "598.95")])
    assert answer["notes"] == []
    told = json.loads(fanbilling("remind", taught, "--on", "2026-03-01", "--json").out)
    # the session begins on 5 March: a week before is 26 February, so the reminder is due with the confirmation
    assert [(one["purpose"], one["subject"]) for one in told["sent"]] == [
        ("courses.confirmation", "R-1"),
        ("courses.confirmation", "R-2"),
        ("courses.reminder", "R-1"),
        ("courses.reminder", "R-2"),
    ]
    mail = message_from_bytes((taught / told["sent"][1]["file"]).read_bytes(), policy=policy.default)
    assert mail["To"] == "Bob Twee <bob@post.example>"
    invitations = [part.get_content() for part in mail.walk() if part.get_content_type() == "text/calendar"]
    days = ("20260305T093000", "20260306T093000")  # an invitation for each
    assert sorted(day for text in invitations for day in days if f"Europe/Amsterdam:{day}" in text) == [*days]
    assert [text.count("BEGIN:VEVENT") for text in invitations] == [1, 1]
    status, answer = run(taught, *MARCH)
    assert (status, answer["issued"]) == (0, [])
    # both were there on at least half of the days
    assert len(answer["papers"]) == 2
    certified = seats(taught, "MAR")[0]["participants"]
    assert sorted(answer["papers"]) == sorted(f"papers/certificate-{one['certificate']}.pdf" for one in certified)
    pages = PdfReader(io.BytesIO((taught / f"papers/certificate-{certified[1]['certificate']}.pdf").read_bytes())).pages
    paper = "".join(page.extract_text() for page in pages)
    assert "Bob Twee" in paper
    assert certified[1]["certificate"] in paper
    told = json.loads(fanbilling("remind", taught, "--on", "2026-04-01", "--json").out)
    assert [(one["purpose"], one["subject"]) for one in told["sent"]] == [
        ("courses.certificate", "R-1"),
        ("courses.certificate", "R-2"),
    ]
    mail = message_from_bytes((taught / told["sent"][0]["file"]).read_bytes(), policy=policy.default)
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["application/pdf"]
    assert json.loads(fanbilling("verify", taught, "--json").out) == {"findings": []}


def test_the_same_rows_again_change_nothing(taught):
    registered(
        taught,
        "R-1;2026-02-01;MAR;acme;;Ada Een;ada@acme.example;;10;;;;;;",
        "R-2;2026-02-02;MAR;;;Bob Twee;bob@post.example;;;;;;;;",
        "R-3;2026-02-03;MAR;carol;;Cas Drie;cas@bolt.example;;;;;;;;",
        "R-1;2026-02-10;;;;Dot Vier;dot@acme.example;;;;;;;;",
        "R-2;2026-02-11;APR;carol;acme;;;;;;;35,00;carol;Holiday;",
        "R-2;2026-02-12;MAR;;;;;;;;;;;;",
        "R-4;2026-02-13;LOOKS;acme;;;;;;;;;;;",
        "R-4;2026-02-14;;;;;;;;;accepted;;;;",
        "R-3;2026-02-15;;;;;;;;;cancelled;;;Ill;",
    )
    for month in (FEBRUARY, MARCH):
        run(taught, *month)
        before = books(taught), contents(taught)
        _, answer = run(taught, *month)
        assert (books(taught), contents(taught)) == before
        assert (answer["issued"], answer["papers"]) == ([], [])


def test_a_row_that_was_refused_is_refused_again_and_nothing_else_is(taught):
    append(taught, "registrations.csv", "R-2;2026-02-20;MAR;;;;;;;;;;;;")
    status, answer = run(taught)
    assert (status, [(one["line"], one["problem"]) for one in answer["rejected"]]) == (
        1,
        [(6, "It is in session MAR already.")],
    )
    before = json.loads(fanbilling("run", taught, *FEBRUARY, "--skip-bad", "--json").out)
    assert (totals(before), len(before["rejected"])) == ([("acme", "598.95")], 1)
    again = json.loads(fanbilling("run", taught, *FEBRUARY, "--skip-bad", "--json").out)
    assert (again["issued"], again["rejected"]) == ([], before["rejected"])


# ------------------------------------------------------------------------------------------------ seats, in their order


def test_of_two_who_want_the_last_seat_the_second_waits_and_the_run_says_so(taught):
    append(taught, "registrations.csv", "R-3;2026-02-02;MAR;bolt;;Cas Drie;cas@bolt.example;;;;;;;;")
    status, answer = run(taught)
    assert status == 0
    assert answer["notes"] == [
        "registrations.csv, line 6: Session MAR is full: registration R-3 is on the waiting list."
    ]
    one, states = seats(taught, "MAR")
    assert states == {"R-1": "placed", "R-2": "placed", "R-3": "waiting"}
    assert (one["taken"], one["free"], one["waiting"]) == (2, 0, 1)
    assert run(taught)[1]["notes"] == []


def test_who_comes_first_is_decided_by_the_day_and_not_by_the_line(taught):
    registered(
        taught,
        "R-3;2026-02-03;MAR;bolt;;Cas Drie;cas@bolt.example;;;;;;;;",
        "R-2;2026-02-02;MAR;acme;;Bob Twee;bob@post.example;;;;;;;;",
        "R-1;2026-02-01;MAR;acme;;Ada Een;ada@acme.example;;;;;;;;",
    )
    assert run(taught)[0] == 0
    assert seats(taught, "MAR")[1] == {"R-1": "placed", "R-2": "placed", "R-3": "waiting"}


def test_a_seat_that_comes_free_goes_to_who_is_next(taught):
    registered(
        taught,
        "R-1;2026-02-01;MAR;acme;;Ada Een;ada@acme.example;;;;;;;;",
        "R-2;2026-02-02;MAR;acme;;Bob Twee;bob@post.example;;;;;;;;",
        "R-3;2026-02-03;MAR;carol;;Cas Drie;cas@bolt.example;;;;;;;;",
        "R-1;2026-02-10;;;;;;;;;cancelled;;;Ill;",
    )
    # 10 February is more than 14 days before 5 March: free
    _, answer = run(taught)
    assert seats(taught, "MAR")[1] == {"R-1": "cancelled", "R-2": "placed", "R-3": "placed"}
    assert totals(answer) == [("acme", "598.95"), ("carol", "598.95")]
    assert answer["notes"] == []


def test_cancelling_late_costs_what_was_agreed_or_what_the_row_says(taught):
    registered(
        taught,
        "R-1;2026-02-01;MAR;acme;;Ada Een;ada@acme.example;;;;;;;;",
        "R-2;2026-02-02;MAR;carol;;Bob Twee;bob@post.example;;;;;;;;",
        "R-1;2026-02-25;;;;;;;;;cancelled;;;Ill;",
        "R-2;2026-02-25;;;;;;;;;cancelled;20,00;;Ill;",
    )
    # within 14 days: half of 495.00 is 247.50, VAT 51.975 → 51.98: 299.48; and 20.00 with 4.20: 24.20
    assert totals(run(taught)[1]) == [("acme", "299.48"), ("carol", "24.20")]
    [page, _] = [PdfReader(io.BytesIO(path.read_bytes())).pages[0] for path in sorted(taught.glob("invoices/*.pdf"))]
    assert "Late cancellation" in page.extract_text()


def test_a_move_after_the_bill_takes_the_payer_and_a_fee_along(taught):
    run(taught)
    append(taught, "registrations.csv", "R-1;2026-03-02;APR;carol;;;;;;;;35,00;acme;Holiday;2026-03-02")
    rewritten = (taught / "registrations.csv").read_text(encoding="utf-8").replace("R-1;2026-03-06", "R-2;2026-03-07")
    (taught / "registrations.csv").write_text(rewritten, encoding="utf-8")
    # acme gets 495.00 and its 103.95 back, and pays 35.00 and 7.35: 42.35 − 598.95 = −556.60; carol pays 598.95
    assert sorted(totals(run(taught, *MARCH)[1])) == [("acme", "-556.60"), ("carol", "598.95")]


def test_what_is_asked_for_waits_for_somebody_to_accept_it(taught):
    registered(taught, "R-4;2026-02-13;LOOKS;acme;;;;;;;;;;;", "R-5;2026-02-14;LOOKS;bolt;;;;;;;;;;;")
    assert totals(run(taught)[1]) == []
    assert seats(taught, "LOOKS")[1] == {"R-4": "requested", "R-5": "requested"}
    append(
        taught,
        "registrations.csv",
        "R-4;2026-03-02;;;;;;;;;accepted;;;;",
        "R-5;2026-03-03;;;;;;;;;accepted;;;;",
        "R-4;2026-03-28;;;;;;;;;cancelled;;;Ill;",
    )
    assert run(taught, "--until", "2026-03-27", "--on", "2026-03-27")[1]["notes"]
    assert seats(taught, "LOOKS")[1] == {"R-4": "placed", "R-5": "waiting"}
    run(taught, "--until", "2026-03-28", "--on", "2026-03-28")
    assert seats(taught, "LOOKS")[1] == {"R-4": "cancelled", "R-5": "offered"}
    # three days to think: an offer of 28 March holds until 31 March, and nobody took it
    run(taught, *MARCH)
    assert seats(taught, "LOOKS")[1] == {"R-4": "cancelled", "R-5": "cancelled"}


def test_a_session_gets_other_days_more_seats_and_is_called_off(taught):
    registered(
        taught,
        "R-1;2026-02-01;MAR;acme;;Ada Een;ada@acme.example;;;;;;;;",
        "R-2;2026-02-02;MAR;bolt;;Bob Twee;bob@post.example;;;;;;;;",
        "R-3;2026-02-03;MAR;carol;;Cas Drie;cas@bolt.example;;;;;;;;",
    )
    text = (taught / "sessions.csv").read_text(encoding="utf-8").replace("MAR;;2026-03-06;;;;;;done;\n", "")
    (taught / "sessions.csv").write_text(text, encoding="utf-8")
    append(taught, "sessions.csv", "MAR;;2026-02-10;2026-03-19 09:30-16:30;Almere;;3;;confirmed;")
    # acme pays for bolt: 2 × 495.00 = 990.00, VAT 207.90
    assert totals(run(taught)[1]) == [("acme", "1197.90"), ("carol", "598.95")]
    one, states = seats(taught, "MAR")
    assert (one["days"][0]["start"], one["place"], one["state"]) == ("2026-03-19T09:30", "Almere", "confirmed")
    assert set(states.values()) == {"confirmed"}
    append(taught, "sessions.csv", "MAR;;2026-03-17;;;;;;cancelled;Teacher is ill")
    assert sorted(totals(run(taught, *MARCH)[1])) == [("acme", "-1197.90"), ("carol", "-598.95")]


def test_credits_and_decisions_name_a_seat_and_a_fee(taught):
    (taught / "credits.csv").write_text(
        "id;date;source;agreement;fact;filed;quantity;amount;then;reason;entered\n"
        "C-1;2026-03-02;courses;R-1;seat;2026-02-01;;45,00;waive;Cold room;2026-03-02\n",
        encoding="utf-8",
    )
    run(taught)
    # 45.00 back, and 9.45 of VAT
    assert totals(run(taught, *MARCH)[1]) == [("acme", "-54.45")]
    (taught / "decisions.csv").write_text(
        "id;date;kind;source;agreement;fact;filed;quantity;amount;until;decision;reason;entered\n"
        "D-1;2026-04-02;waive;courses;R-1;fee:cancelled;2026-02-01;;;;;Ill;\n"
        "D-2;2026-04-02;waive;courses;R-1;sead;2026-02-01;;;;;Ill;\n"
        "D-3;2026-04-02;waive;courses;R-1;seat;2026-02-02;;;;;Ill;\n",
        encoding="utf-8",
    )
    status, answer = run(taught, "--until", "2026-04-30", "--on", "2026-05-01")
    assert status == 1
    assert [(one["line"], one["column"], one["expected"]) for one in answer["rejected"]] == [
        (3, "fact", "Write seat, or fee:cancelled for a fee."),
        (4, "filed", "Write 2026-02-01."),
    ]


# ------------------------------------------------------------------------------------------------------------ bad input

COURSE = "courses.csv", "N;New;10,00;standard;;;;;;;;;"
SESSION = "sessions.csv", "N;PLAN;2026-01-05;2026-05-05 09:30-16:30;;;2;;;"
SEAT = "registrations.csv", "R-9;2026-02-05;APR;acme;;New;new@post.example;;;;;;;;"
SEAT_OF_A_CLIENT = "registrations.csv", "R-9;2026-02-05;APR;acme;;;;;;;;;;;"
MOVED = "registrations.csv", "R-1;2026-02-05;APR;;;;;;;;;5,00;;;"
WRONG = {  # file and row, column: a text instead of what stands there, and what is said of it
    "course id": (COURSE, "id", "a b", "not an id"),
    "title": (COURSE, "title", "", "may not be empty"),
    "hidden title": (COURSE, "title", "New\u202e", "cannot be printed"),
    "price": (COURSE, "price", "-1", "negative"),
    "course tax": (COURSE, "tax", "exemptt", "not known"),
    "reviewed": (COURSE, "reviewed", "perhaps", "not known"),
    "bill_days": (COURSE, "bill_days", "soon", "whole number"),
    "offer_days": (COURSE, "offer_days", "-1", "whole number"),
    "long fee_text": (COURSE, "fee_text", "x" * 501, "501 characters"),
    "cancellation": (COURSE, "cancellation", "half within 2 days", "terms to cancel"),
    "too much": (COURSE, "cancellation", "150% within 2 days", "out of reach"),
    "substitution": (COURSE, "substitution", "never", "not a number"),
    "study_load": (COURSE, "study_load", "1e9", "not a number"),
    "attendance": (COURSE, "attendance", "101", "no percentage"),
    "long certificate": (COURSE, "certificate", "x" * 501, "501 characters"),
    "session id": (SESSION, "id", "", "may not be empty"),
    "course": (SESSION, "course", "PLAM", "not in courses.csv"),
    "day": (SESSION, "date", "05-01", "not a day"),
    "days": (SESSION, "days", "2026-05-05", "days with their hours"),
    "backwards": (SESSION, "days", "2026-05-05 16:30-09:30", "begins after it ends"),
    "no hour": (SESSION, "days", "2026-05-05 25:00-26:00", "no clock"),
    "no such day": (SESSION, "days", "2026-02-30 09:00-10:00", "not on the calendar"),
    "out of order": (SESSION, "days", "2026-05-06 09:00-10:00, 2026-05-05 09:00-10:00", "out of order"),
    "long place": (SESSION, "place", "x" * 501, "501 characters"),
    "teacher": (SESSION, "teacher", "A\u0007", "cannot be printed"),
    "capacity": (SESSION, "capacity", "0", "whole number"),
    "minimum": (SESSION, "minimum", "3", "more than there are seats"),
    "state": (SESSION, "state", "done", "planned before"),
    "registration id": (SEAT, "id", "R 9", "not an id"),
    "registered": (SEAT, "date", "2026-02-31", "not on the calendar"),
    "session": (SEAT, "session", "APRIL", "not in sessions.csv"),
    "client": (SEAT, "client", "acne", "not in clients.csv"),
    "payer": (SEAT, "payer", "nobody", "not in clients.csv"),
    "line break": (SEAT, "name", '"New\nBcc: all@post.example"', "cannot be printed"),
    "long name": (SEAT, "name", "x" * 201, "201 characters"),
    "turned": (SEAT, "name", "New\u202egnp.exe", "cannot be printed"),
    "unseen": (SEAT, "name", "New\u200b", "Character"),
    "header": (SEAT, "email", '"new@post.example\r\nBcc: all@post.example"', "cannot be printed"),
    "two addresses": (SEAT, "email", "new@post.example, all@post.example", "not an e-mail address"),
    "no address": (SEAT, "email", "new@post", "not an e-mail address"),
    "long address": (SEAT, "email", f"{'x' * 250}@post.example", "characters"),
    "participant": (SEAT, "participant", "acme", "name and address"),
    "unknown participant": (SEAT_OF_A_CLIENT, "participant", "nobody", "not in clients.csv"),
    "discount": (SEAT, "discount", "101", "more than the price"),
    "attended": (SEAT, "attended", "often", "not days"),
    "attended at once": (SEAT, "attended", "all", "asks for the seat"),
    "status": (SEAT, "status", "canceled", "not known"),
    "status at once": (SEAT, "status", "cancelled", "asks for the seat"),
    "fee": (SEAT, "fee", "-5", "negative"),
    "fee_payer": (MOVED, "fee_payer", "nobody", "not in clients.csv"),
    "entered": (SEAT, "entered", "yesterday", "not a day"),
}


@pytest.mark.parametrize(("where", "column", "text", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_with_its_column(taught, where, column, text, said):
    file, row = where
    head = (taught / file).read_text(encoding="utf-8").splitlines()[0].split(";")
    cells = dict(zip(head, row.split(";"), strict=True)) | {column: text}
    lines = len((taught / file).read_text(encoding="utf-8").splitlines())
    append(taught, file, ";".join(cells[name] for name in head))
    status, answer = run(taught)
    found = [one for one in answer["rejected"] if one["column"] == column]
    assert (status, answer["issued"]) == (1, [])
    assert [(one["file"], one["line"]) for one in found] == [(file, lines + 1)]
    assert said in found[0]["problem"]
    assert found[0]["expected"]


LATER = {  # a later row, column, and what is said
    "nothing": ("R-1;2026-02-05;;;;;;;;;;;;;", "status", "nothing new"),
    "why": ("R-1;2026-02-05;;;;;;;;;cancelled;;;;", "reason", "why it ended"),
    "both": ("R-1;2026-02-05;APR;;;;;;;;cancelled;;;Ill;", "status", "at once"),
    "fee of nothing": ("R-1;2026-02-05;;carol;;;;;;;;5,00;;;", "fee", "Only moving"),
    "payer of nothing": ("R-1;2026-02-05;;;;;;;;;cancelled;5,00;acme;Ill;", "fee_payer", "no fee for moving"),
    "before": ("R-1;2026-01-05;;carol;;;;;;;;;;;", "date", "only from 2026-02-01"),
    "discount": ("R-1;2026-02-05;;carol;;;;;5;;;;;;", "discount", "cannot change"),
    "twice": ("R-3;2026-02-05;MAR;acme;;Ada;ADA@acme.example;;;;;;;;", "", "in session MAR already"),
    "over": ("R-3;2026-03-07;MAR;acme;;New;new@acme.example;;;;;;;;", "", "done"),
    "no day of it": ("R-1;2026-02-20;;;;;;;;2026-02-20;;;;;", "", "no day of session"),
}


@pytest.mark.parametrize(("row", "column", "said"), LATER.values(), ids=LATER)
def test_a_later_row_that_cannot_be_is_refused(taught, row, column, said):
    append(taught, "registrations.csv", row)
    status, answer = run(taught, *MARCH)
    assert status == 1
    assert [(one["column"], said in one["problem"]) for one in answer["rejected"]][-1] == (column, True)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=HYPERLINK(1)", "{{7*7}}", "O'Brien; DROP TABLE"])
def test_a_hostile_name_is_text_wherever_it_goes(taught, name):
    registered(taught, f'R-1;2026-02-01;MAR;acme;;"{name}";ada@acme.example;;;;;;;;')
    append(taught, "registrations.csv", "R-1;2026-03-06;;;;;;;;all;;;;;")
    assert run(taught)[0] == 0
    assert name in fanbilling("courses", taught, "--session", "MAR").out
    [told, _] = json.loads(fanbilling("remind", taught, "--on", "2026-03-01", "--json").out)["sent"]
    mail = message_from_bytes((taught / told["file"]).read_bytes(), policy=policy.default)
    assert mail["Bcc"] is None
    html = mail.get_body(("html",))
    assert html is None or "<script>" not in html.get_content()
    assert run(taught, *MARCH)[0] == 0
    for page in (taught / "clients").glob("*.html"):
        assert "<script>alert" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "text"),
    [(kind, text) for kind in (AHEAD, ATTENDED, CANCELLATION, DAYS, OFFER, SEATS, SUBSTITUTION, ZONE)
     for text in ("?", "-", "9" * 400, "2026", "\u0660", "50% within 99999 weeks", ", ,")],
)  # fmt: skip
def test_no_text_breaks_a_cell(kind, text):
    assert isinstance(kind.read(text), Wrong) or (kind in (SEATS, AHEAD, SUBSTITUTION) and text == "2026")


# ---------------------------------------------------------------------------------------------------------- the command


def test_the_sessions_are_shown_with_their_seats(taught):
    run(taught)
    shown = fanbilling("courses", taught).out
    assert "3 sessions" in shown
    assert "planned, 3 short" in shown  # APR wants three, and nobody registered
    [mar] = [line.split() for line in shown.splitlines() if line.split()[:1] == ["MAR"]]
    assert mar[-4:] == ["2", "2", "0", "0"]
    assert "MAR" not in fanbilling("courses", taught, "--on", "2026-03-07").out
    assert "Every session is over" in fanbilling("courses", taught, "--on", "2027-01-01").out
    one = fanbilling("courses", taught, "--session", "MAR").out
    assert "nobody yet" in one
    assert "bob@post.example" in one
    assert "Nobody registered." in fanbilling("courses", taught, "--session", "APR").out
    missing = fanbilling("courses", taught, "--session", "MARS")
    assert (missing.status, "Did you mean MAR?" in missing.err) == (1, True)


def test_a_folder_without_courses_shows_none(tmp_path):
    folder = small(tmp_path / "none")
    run(folder, "--until", "2026-01-31", "--on", "2026-02-01")
    assert "No session is planned." in fanbilling("courses", folder).out
