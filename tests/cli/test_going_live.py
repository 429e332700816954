"""Going live from a folder: the four lists are read, checked together, and brought over once."""

import pytest

from tests.cli.folders import fanbilling, small

LISTS = {
    "open-items.csv": """
        number;client;date;due;open
        25-117;acme;2025-12-31;2026-01-14;362,27
        25-118;bolt;2025-12-31;2026-01-14;-12,10
    """,
    "billed-until.csv": """
        source;agreement;line;until;number;net
        subscriptions;S-1;seats;2025-12-31;25-117;299,40
    """,
    "on-account.csv": """
        id;client;date;amount
        B-1;carol;2025-12-20;50,00
    """,
    "balances.csv": """
        account;balance
        1300;300,17
        1100;1200,00
        0500;-1500,17
    """,
}
#: The licence as it was agreed: 12 × 24,95 = 299,40 a month, since November.
AGREED = """
    subscription;line;client;title;text;start;end;months;billed;quantity;price;tax
    S-1;seats;acme;Orders;Licence;2025-12-01;;1;advance;12;24,95;standard
"""
NOTHING = {"lines": None, "payments": None, "credits": None, "decisions": None}


def folder(at, **changed):
    """A folder with the lists of an old system: 362.27 − 12.10 − 50.00 = 300.17."""
    small(at, subscriptions=AGREED, **NOTHING)
    (at / "opening").mkdir()
    for name, lines in {**LISTS, **{f"{name.replace('_', '-')}.csv": lines for name, lines in changed.items()}}.items():
        if lines is not None:
            text = "\n".join(line.strip() for line in lines.strip().splitlines())
            (at / "opening" / name).write_text(text + "\n", encoding="utf-8")
    return at


def go_live(at, *more):
    return fanbilling("go-live", at, "--last-day", "2025-12-31", *more)


def test_a_folder_goes_live_and_bills_what_the_old_system_had_not(tmp_path):
    at = folder(tmp_path / "mine")
    done = go_live(at)
    assert done.status == 0, done.err
    assert "It agrees, and was brought over." in done.out
    for figure in ("362.27", "12.10", "50.00", "300.17", "299.40"):
        assert figure in done.out
    assert fanbilling("verify", at).status == 0
    run = fanbilling("run", at, "--until", "2026-01-31", "--on", "2026-02-01", "--json")
    assert run.status == 0, run.err
    assert run.out.count('"number"') == 1
    assert "362.27" in run.out  # January, and no December
    assert "25-117" in fanbilling("client", at, "acme").out
    assert fanbilling("verify", at).status == 0


def test_the_same_lists_twice_are_brought_over_once(tmp_path):
    at = folder(tmp_path / "mine")
    assert go_live(at).status == 0
    balances = fanbilling("ledger", at).out
    again = go_live(at)
    assert again.status == 0, again.err + again.out
    assert fanbilling("ledger", at).out == balances


def test_a_check_leaves_no_trace(tmp_path):
    at = folder(tmp_path / "mine")
    checked = go_live(at, "--check")
    assert checked.status == 0, checked.err
    assert "this was a check" in checked.out
    assert not (at / "books.db").exists()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"open_items": "number;client;date;due;open\n25-1;acme;2025-12-31;2026-01-14;1,0051"}, "parts of a cent"),
        ({"open_items": "number;client;date;due;open\n25-1;nobody;2025-12-31;2026-01-14;1,00"}, "there is no party"),
        ({"balances": "account;balance\n1300;300,17\n0500;-300,16"}, "differ by EUR 0.01"),
        ({"on_account": None}, "which differs by EUR -50.00"),
        ({"billed_until": "source;agreement;until\nsubscriptions;S-9;2025-12-31"}, "S-9"),
        ({"on_account": "id;client;date;amount\nB-1;carol;2025-12-20;0,00"}, "above zero"),
        ({"notes": "something"}, "notes.csv is there"),
    ],
)
def test_what_cannot_be_right_is_told_and_nothing_is_brought_over(tmp_path, changed, says):
    at = folder(tmp_path / "mine", **changed)
    done = go_live(at)
    assert done.status == 1
    assert says in " ".join((done.out + done.err).split())
    assert "1200" not in fanbilling("ledger", at).out


def test_what_the_lists_say_nothing_of_is_named(tmp_path):
    at = folder(tmp_path / "mine", billed_until=None)
    assert "subscriptions S-1: not in billed-until.csv" in " ".join(go_live(at, "--check").out.split())
