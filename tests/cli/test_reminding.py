"""What is due to be told is told once, whatever happens in between, and nothing is billed by it."""

import json
from email import message_from_bytes

import pytest

from tests.cli import telling
from tests.cli.folders import FIRST, SECOND, books, contents, fanbilling, small
from tests.cli.test_running import append, rewrite

FEBRUARY = ("--on", "2026-02-14")
SUBSCRIPTION = "subscriptions_subscription"


@pytest.fixture
def told(folder, monkeypatch):
    """The small folder, whose loose lines have something to tell."""
    telling.put_in(monkeypatch)
    return folder


def remind(folder, *words):
    ran = fanbilling("remind", folder, *words, "--json")
    return ran.status, json.loads(ran.out)


def mails(folder):
    return sorted(path.name for path in (folder / "outbox").glob("*.eml"))


def test_every_notice_that_is_due_is_sent_once(told):
    status, answer = remind(told, *FEBRUARY)
    assert status == 0
    sent = answer["sent"]
    assert [(one["purpose"], one["subject"], one["client"]) for one in sent] == [
        ("courses.confirmation", "L-1", "acme"),
        ("courses.confirmation", "L-2", "bolt"),
        ("courses.confirmation", "L-3", "carol"),
    ]
    assert [one["file"] for one in sent] == [f"outbox/{name}" for name in mails(told)]
    assert mails(told)[0].startswith("courses.confirmation-L-1-")
    before = contents(told), books(told)
    assert remind(told, *FEBRUARY) == (0, {**answer, "sent": [], "papers": []})
    assert (contents(told), books(told)) == before


def test_only_what_is_due_on_the_day_and_known_by_then(told):
    assert [one["subject"] for one in remind(told, "--on", "2026-01-20")[1]["sent"]] == ["L-1"]
    assert [one["subject"] for one in remind(told, *FEBRUARY)[1]["sent"]] == ["L-2", "L-3"]


def test_invitation_and_paper_go_with_it(told):
    remind(told, "--on", "2026-01-20")
    [name] = mails(told)
    message = message_from_bytes((told / "outbox" / name).read_bytes())
    files = {part.get_filename(): part.get_content_type() for part in message.walk() if part.get_filename()}
    assert files == {"invitation.ics": "text/calendar", "certificate-L-1.pdf": "application/pdf"}
    assert message["To"] == '"Acme B.V." <acme@acme.example>'
    assert message["Subject"] == "Your place in Advice on 14 January 2026"


def test_nothing_is_billed_and_nothing_else_is_imported(told):
    remind(told, *FEBRUARY)
    kept = books(told)
    assert not list((told / "invoices").iterdir())
    own = {"agenda", "counter", "journal", "schema", "delivery_notice", "folder_seen", "parties_party", "manual_line"}
    assert {name for name, rows in kept.items() if rows} == {f"fb_{name}" for name in own | {SUBSCRIPTION}}
    assert fanbilling("why-not", told).err.startswith(f"fanbilling: {told}: nothing was billed here yet")
    ran = fanbilling("run", told, *SECOND, "--json")
    assert len(json.loads(ran.out)["issued"]) > 2
    assert fanbilling("verify", told).out == "all laws hold\n"


def test_payments_credits_and_decisions_wait_for_the_next_run(told):
    """P-1, P-2, C-1 and D-1 are known by 22 February, and about what January billed."""
    assert fanbilling("run", told, *FIRST).status == 0
    before = books(told)
    assert remind(told, "--on", "2026-02-22")[0] == 0
    after = books(told)
    for name in ("fb_receivables_payment", "fb_document", "fb_decision", "fb_posting"):
        assert after[name] == before[name], name
    assert "seen until 31 January 2026" in fanbilling("why-not", told).out
    assert json.loads(fanbilling("run", told, *SECOND, "--json").out)["rejected"] == []


def test_a_run_in_between_bills_what_it_would_have_billed(told, tmp_path):
    plain = small(tmp_path / "plain")
    totals = {}
    for folder, reminded in ((told, True), (plain, False)):
        if reminded:
            remind(folder, "--on", "2026-01-20")
        issued = json.loads(fanbilling("run", folder, *FIRST, "--json").out)["issued"]
        totals[folder] = [(one["payer"], one["total"]) for one in issued]
    assert totals[told] == totals[plain]


def test_what_was_known_cannot_be_forgotten(told):
    remind(told, *FEBRUARY)
    for words in (["remind", told, "--on", "2026-02-13"], ["run", told, *FIRST]):
        ran = fanbilling(*words)
        assert ran.status == 1
        assert "the books know what was known on 2026-02-14 already" in ran.err
        assert "Give 2026-02-14 or a later day." in ran.err


def test_a_bad_row_stops_all_of_it_unless_it_may_be_left_out(told):
    append(told, "lines.csv", "L-9;nobody;2026-02-01;Ghost;1;;1,00;standard;")
    before = contents(told)
    ran = fanbilling("remind", told, *FEBRUARY)
    assert ran.status == 1
    assert "1 row cannot be used, so nothing was imported and nothing sent:" in " ".join(ran.err.split())
    assert contents(told) == before
    status, answer = remind(told, *FEBRUARY, "--skip-bad")
    assert (status, len(answer["sent"]), [row["file"] for row in answer["rejected"]]) == (1, 3, ["lines.csv"])
    assert not (told / "rejects.csv").exists()


def test_a_row_that_the_desk_refuses_stops_all_of_it_too(told):
    remind(told, *FEBRUARY)
    rewrite(told, "lines.csv", "L-1;acme;2026-01-14", "L-1;acme;2026-01-15")
    status, answer = remind(told, *FEBRUARY)
    assert (status, answer["sent"], [row["column"] for row in answer["rejected"]]) == (1, [], ["date"])


def test_whoever_has_no_address_is_told_and_written_to_when_there_is_one(told):
    rewrite(told, "clients.csv", "carol@post.example", "")
    ran = fanbilling("remind", told, *FEBRUARY)
    assert ran.status == 0
    assert "1 notice without an e-mail address to go to; send by post: carol" in " ".join(ran.err.split())
    status, answer = remind(told, *FEBRUARY)
    assert (status, answer["sent"], answer["unmailed"]) == (0, [], ["carol"])
    assert fanbilling("remind", told, *FEBRUARY).out == "Nothing was sent.\n"
    rewrite(told, "clients.csv", "C. Jansen;NL;no;;", "C. Jansen;NL;no;carol@post.example;")
    assert [one["client"] for one in remind(told, *FEBRUARY)[1]["sent"]] == ["carol"]


def test_what_is_of_no_use_any_more_is_not_sent(told):
    rewrite(told, "clients.csv", "carol@post.example", "")
    remind(told, *FEBRUARY)
    append(told, "lines.csv", "L-3;;;;0;;;;2026-02-14")
    assert remind(told, *FEBRUARY)[1]["dropped"] == 1


def test_the_screen_says_what_was_sent(told):
    ran = fanbilling("remind", told, *FEBRUARY)
    assert ran.status == 0
    assert ran.out.startswith("3 notices sent · on 14 February 2026\n")
    assert "confirmation L-2 bolt outbox/courses.confirmation-L-2-" in " ".join(ran.out.split())
    again = fanbilling("remind", told, *FEBRUARY)
    assert again.out == "Nothing to send: everything due on 14 February 2026 was sent already.\n"
    assert again.err == ""


def test_the_client_and_its_page_tell_what_was_sent(told):
    remind(told, *FEBRUARY)
    assert "14 Feb 2026 Message about L-2 sent" in " ".join(fanbilling("client", told, "bolt").out.split())
    assert "Message about L-2 sent" in (told / "clients" / "bolt.html").read_text(encoding="utf-8")


def test_a_desk_without_anything_to_tell(folder):
    assert remind(folder, *FEBRUARY) == (
        0,
        {"sent": [], "dropped": 0, "unmailed": [], "skipped": [], "rejected": [], "papers": [], "notes": []},
    )


def test_no_folder_is_no_command(tmp_path):
    assert fanbilling("remind", tmp_path / "nowhere", *FEBRUARY).status == 2
    assert fanbilling("remind", tmp_path).status == 2
