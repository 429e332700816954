"""What later rows say of projects: taken back, rejected, approved again, closed; and what cannot change."""

import json

import pytest

from tests.cli.folders import FIRST, SECOND, billed_sample, copy, fanbilling
from tests.cli.test_projects import FILES, folder_with, run, totals


def added(name, *rows):
    """A file of the folder with more rows."""
    return {name: "\n".join([FILES[name].rstrip(), *rows])}


def refused(folder, words=FIRST):
    status, told = run(folder, words)
    assert status == 1
    return [(bad["file"], bad["column"], bad["problem"]) for bad in told["rejected"]]


def of(folder, payer):
    return [(on, total) for who, on, total in totals(folder) if who == payer]


def test_a_rate_that_is_taken_back_is_as_if_it_was_never_agreed(tmp_path):
    folder = folder_with(tmp_path / "there")
    run(folder, FIRST)
    run(folder, SECOND)
    folder_with(folder, **added("rates", "R-2;;;;;;;;2026-03-10;2026-03-10"))
    third = ("--until", "2026-02-28", "--on", "2026-03-10")
    assert run(folder, third)[0] == 0
    # the 6 h at 60.00 were billed at 360.00 and cost 6 × 50.00 = 300.00
    assert of(folder, "bolt")[-1] == ("2026-03-10", "-60.00")
    before = totals(folder)
    assert run(folder, third)[1]["issued"] == []
    assert totals(folder) == before


def test_a_milestone_that_was_not_reached_after_all_is_not_billed(tmp_path):
    folder = folder_with(tmp_path / "there", **added("installments", "B-1;half;;;;;;;;2026-02-20"))
    run(folder, FIRST)
    assert run(folder, SECOND)[0] == 0
    # the last instalment only: 300.01, VAT 63.0021
    assert of(folder, "acme") == [("2026-02-01", "544.50"), ("2026-03-01", "363.01")]


def test_rejected_hours_wait_again_and_are_approved(tmp_path):
    hours = added("hours", "h4;;;;;;;;approved;It was ours;2026-02-05")
    folder = folder_with(tmp_path / "there", **hours)
    run(folder, FIRST)
    assert run(folder, SECOND)[0] == 0
    # 2 h × 60.00 more than the 260.00 without them
    assert of(folder, "bolt")[-1] == ("2026-03-01", "380.00")
    assert run(folder, SECOND)[1]["issued"] == []


def test_an_expense_is_corrected_and_rejected_like_hours(tmp_path):
    rows = ["x1;;;;200,00;10;;;Agreed on;2026-02-05", "x2;B-2;2026-02-06;Nails;10,00;;standard;approved;;2026-02-06"]
    folder = folder_with(tmp_path / "there", **added("expenses", *rows, "x2;;;;;;;rejected;Returned;2026-02-07"))
    run(folder, FIRST)
    assert run(folder, SECOND)[0] == 0
    # 260.00 for hours; planks 225.00 become 220.00: −225.00 + 220.00 and VAT −47.25 + 46.20
    assert of(folder, "bolt")[-1] == ("2026-03-01", "253.95")


def test_nothing_is_booked_after_a_project_was_closed(tmp_path):
    folder = folder_with(tmp_path / "there", **added("hours", "h9;B-2;pim;2026-02-21;1;;;;;;2026-02-22"))
    assert refused(folder, SECOND) == [("hours.csv", "", "The project was closed on 2026-02-20.")]


def test_progress_that_is_written_over_is_stated_again(tmp_path):
    folder = folder_with(tmp_path / "there")
    run(folder, FIRST)
    folder_with(folder, projects=FILES["projects"].replace(";30;2026-01-30;", ";20;2026-01-30;"))
    again = ("--until", "2026-01-31", "--on", "2026-02-02")
    assert run(folder, again)[0] == 0
    # of 600.00 a third goes back: 200.00 and VAT 42.00
    assert of(folder, "carol") == [("2026-02-01", "726.00"), ("2026-02-02", "-242.00")]


FIXED = {
    "title": ("projects", ";Shed;", ";Barn;", "title"),
    "price": ("projects", "1000,01", "1000,02", "price"),
    "kind": ("projects", "Trial;funded", "Trial;internal", "kind"),
    "budget": ("projects", "reversed;40", "reversed;41", "budget"),
    "planned day": ("installments", "2026-01-20;;150,00", "2026-01-21;;150,00", "date"),
    "percent": ("installments", "2026-01-05;30", "2026-01-05;31", "percent"),
    "milestone": ("installments", "02-24;30;;;", "02-24;30;;yes;", "milestone"),
    "rate": ("rates", ";60,00;", ";61,00;", "price"),
    "from": ("rates", "2026-01-19", "2026-01-18", "from"),
    "employee": ("hours", "h1;B-2;joris", "h1;B-2;pim", "employee"),
    "project": ("hours", "h3;B-4", "h3;B-2", "project"),
    "text": ("expenses", ";Planks;", ";Boards;", "text"),
    "tax": ("expenses", ";standard;", ";reduced;", "tax"),
}


@pytest.mark.parametrize("case", FIXED)
def test_what_is_in_the_books_cannot_be_written_over(case, tmp_path):
    name, old, new, column = FIXED[case]
    folder = folder_with(tmp_path / "there")
    run(folder, FIRST)
    assert old in FILES[name]
    folder_with(folder, **{name: FILES[name].replace(old, new, 1)})
    found = refused(folder, ("--until", "2026-01-31", "--on", "2026-02-01"))
    assert [(file, where) for file, where, _ in found] == [(f"{name}.csv", column)]
    assert "the books say" in found[0][2] or "cannot change" in found[0][2]


def test_every_command_of_the_contractor_can_be_copied(tmp_path_factory, tmp_path):
    folder, ran = billed_sample(tmp_path_factory, "contractor")
    assert (ran.status, ran.err) == (0, "")
    commands = [line.split() for line in ran.out.splitlines() if line.startswith("  fanbilling ")]
    assert len(commands) == 6
    passing = copy(folder, tmp_path / "copy")
    for _, *words in commands:
        assert fanbilling(*(str(passing) if word == str(folder) else word for word in words)).status == 0, words


def test_work_in_progress_of_two_months_adds_up_to_both_together(tmp_path_factory):
    folder, _ = billed_sample(tmp_path_factory, "contractor")

    def told(first, last):
        found = json.loads(fanbilling("wip", folder, "--from", first, "--until", last, "--json").out)["projects"]
        return {
            one["project"]: {name: round(100 * float(sum_)) for name, sum_ in one["money"].items()} for one in found
        }

    march, april, both = (
        told("2026-03-01", "2026-03-31"),
        told("2026-04-01", "2026-04-30"),
        told("2026-03-01", "2026-04-30"),
    )
    for project, whole in both.items():
        parts = [month.get(project, dict.fromkeys(whole, 0)) for month in (march, april)]
        for name in ("booked", "revalued", "billed", "written_off"):
            assert whole[name] == sum(part[name] for part in parts), (project, name)
