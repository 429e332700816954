"""Papers that desks give out lie in a drawer: whole, once, and again when they were lost."""

import json
from datetime import date

import attrs
import pytest

from fanbilling.cli import papers as module
from fanbilling.cli import privacy
from fanbilling.cli.desks.subscriptions import SUBSCRIBED
from fanbilling.cli.filing import Cabinet, PaperFile
from fanbilling.cli.place import looking
from fanbilling.domain.errors import AdapterFailure
from tests.cli import telling
from tests.cli.folders import FIRST, SECOND, contents, fanbilling


@pytest.fixture
def told(folder, monkeypatch):
    """The small folder, whose loose lines have something to tell."""
    telling.put_in(monkeypatch)
    return folder


def run(folder, *words):
    ran = fanbilling("run", folder, *words, "--json")
    return ran.status, json.loads(ran.out)


def drawer(folder):
    return {name: content for name, content in contents(folder).items() if name.startswith("papers/")}


ALL = ["papers/all-lines.csv", "papers/all-lines.pdf"]


def test_a_run_files_what_the_desks_give_out_and_names_it(told):
    status, answer = run(told, *FIRST)
    assert status == 0
    assert sorted(answer["papers"]) == [*ALL, "papers/packing-slip-L-1.pdf"]
    assert sorted(drawer(told)) == [*ALL, "papers/packing-slip-L-1.pdf"]
    assert drawer(told)["papers/packing-slip-L-1.pdf"].startswith(b"%PDF")
    # 6.5 × 112.50 = 731.25
    assert drawer(told)["papers/all-lines.csv"].decode("utf-8-sig") == "Description;Amount\r\nAdvice;731.25\r\n"
    assert run(told, *FIRST)[1]["papers"] == []


def test_the_screen_says_how_many(told):
    assert "3 papers written to " in " ".join(fanbilling("run", told, *FIRST).out.split())
    assert "paper" not in fanbilling("run", told, *FIRST).out


def test_what_was_given_out_stays_and_what_holds_today_is_written_anew(told):
    run(told, *FIRST)
    before = drawer(told)
    status, answer = run(told, *SECOND)
    # 6 × 112.50 = 675.00, 2 × 34.95 = 69.90, 80.00: the slip of L-1 still says what it said
    assert (status, sorted(answer["papers"])) == (0, [*ALL, *(f"papers/packing-slip-L-{n}.pdf" for n in (2, 3))])
    assert drawer(told)["papers/packing-slip-L-1.pdf"] == before["papers/packing-slip-L-1.pdf"]
    assert drawer(told)["papers/all-lines.csv"].decode("utf-8-sig").split() == [
        "Description;Amount",
        "Advice;675.00",
        "Handbook;69.90",
        "Repair;80.00",
    ]


def test_a_lost_paper_is_filed_again_as_it_was(told):
    run(told, *FIRST)
    before = drawer(told)
    for name in before:
        (told / name).unlink()
    assert sorted(run(told, *FIRST)[1]["papers"]) == sorted(before)
    assert drawer(told) == before


def test_what_is_there_is_not_made_again(told):
    def never():
        raise AssertionError("it is there")

    cabinet = Cabinet(told)
    cabinet.open()
    cabinet.paper("offer", ".pdf").write_bytes(b"given out")
    assert module.filed(cabinet, PaperFile(name="offer", make=never)) == []


def test_a_name_never_leads_out_of_its_drawer(told):
    place = Cabinet(told).paper("../../offer of 1/2", ".pdf")
    assert place.parent == told / "papers"


def test_a_paper_that_cannot_be_printed_is_told_and_the_rest_is_done(told, monkeypatch):
    def fails():
        raise AdapterFailure("the printer is on fire")

    def papers(store, office, on):
        yield PaperFile(name="burning", make=fails, party="acme")
        yield from telling.told_of(store, office, on)

    monkeypatch.setattr(telling, "TELLING", attrs.evolve(telling.TELLING, papers=papers))
    telling.put_in(monkeypatch)
    status, answer = run(told, *FIRST)
    assert status == 1
    assert answer["skipped"] == [{"payer": "acme", "reason": "burning: the printer is on fire"}]
    assert len(answer["issued"]) == len(answer["papers"]) == 3
    assert (told / "clients" / "carol.html").is_file()


def test_two_desks_with_one_name_are_told(told, monkeypatch):
    telling.put_in(monkeypatch, attrs.evolve(SUBSCRIBED, papers=telling.told_of))
    status, answer = run(told, *FIRST)
    assert status == 1
    assert {one["reason"] for one in answer["skipped"]} == {"subscriptions has a paper of that name too"}
    assert len(drawer(told)) == len(answer["papers"]) == 3


def test_half_a_paper_is_cleared_away(told):
    run(told, *FIRST)
    before = contents(told)
    (told / "papers" / ".half.tmp").write_bytes(b"%PDF-")
    (told / "invoices" / ".half.tmp").write_bytes(b"<Invoice")
    run(told, *FIRST)
    assert contents(told) == before


def test_whoever_erases_a_client_is_told_which_files_name_it(told):
    """Also what it was told, which no document names."""
    run(told, *FIRST)
    assert fanbilling("remind", told, "--on", "2026-02-14").status == 0
    with looking(told) as (place, store):
        files = [path for path in privacy._files(place, store, "acme", on=date(2026, 3, 1)) if path.is_file()]
    named = [path.relative_to(told).as_posix() for path in files]
    confirmation = named.pop(2)
    assert named == ["invoices/2026-0001.pdf", "outbox/2026-0001.eml", "papers/packing-slip-L-1.pdf"]
    assert confirmation.startswith("outbox/courses.confirmation-L-1-")
