"""What the settings of a folder decide, and a folder with settings and nothing else."""

import json

import pytest

from fanbilling.cli.rows import TABLES
from tests.cli.folders import FIRST, SECOND, SMALL, books, fanbilling, small


def answer(*words):
    ran = fanbilling(*words, "--json")
    assert ran.status == 0, ran.err
    return json.loads(ran.out)


def totals(folder, payer):
    issued = answer("run", folder, *FIRST)["issued"]
    return [one["total"] for one in issued if one["payer"] == payer]


# ------------------------------------------------------------------------------------------- one bill, or separate ones

# In January acme has a licence, 12 × 24.95 = 299.40, VAT 62.874, and 6.5 hours of 112.50 = 731.25, VAT 153.5625.
# Apart: 299.40 + 62.87 = 362.27 and 731.25 + 153.56 = 884.81. Together: 1030.65, VAT 216.4365, so 1247.09: the VAT of a
# document is rounded once.
TOGETHER, APART = ["1247.09"], ["884.81", "362.27"]


@pytest.mark.parametrize(
    ("said", "bills"),
    [
        ("", TOGETHER),
        ('[settings]\nbills = "together"', TOGETHER),
        ('[settings]\nbills = "source"', APART),
        ('[client.acme]\nbills = "agreement"', APART),
        ('[source.manual]\nbills = "source"', APART),
        ('[agreement.S-1]\nbills = "agreement"', APART),
        ('[settings]\nbills = "source"\n[client.acme]\nbills = "together"', TOGETHER),
        ('[client.bolt]\nbills = "source"', TOGETHER),
    ],
)
def test_one_bill_for_all_desks_or_separate_ones(tmp_path, said, bills):
    folder = small(tmp_path / "apart", settings=f"{SMALL['settings.toml']}\n{said}")
    assert sorted(totals(folder, "acme")) == sorted(bills)
    assert totals(folder, "acme") == [], "the same run once more"
    assert fanbilling("verify", folder).status == 0


def test_bills_that_are_kept_apart_from_now_on_bill_nothing_anew(tmp_path):
    folder = small(tmp_path / "apart")
    assert totals(folder, "acme") == TOGETHER
    small(folder, settings=f'{SMALL["settings.toml"]}\n[settings]\nbills = "agreement"')
    assert totals(folder, "acme") == []
    # February, one bill each; the lots are worked out in test_running. S-1: 212.52 + 411.75 is new, VAT 131.10; 154.53
    # and its 32.45 are given back: 568.39. L-1 gives back 56.25 and 11.81. For bolt: S-2 100.00, VAT 21.00, and L-2
    # 69.90, VAT 6.29. With one bill it was 697.52, the same.
    issued = answer("run", folder, *SECOND)["issued"]
    assert sorted(one["total"] for one in issued if one["payer"] == "acme") == ["-68.06", "121.00", "568.39", "76.19"]
    assert fanbilling("verify", folder).status == 0


def test_another_word_for_bills_is_refused_with_those_there_are(tmp_path):
    folder = small(tmp_path / "apart", settings=f'{SMALL["settings.toml"]}\n[settings]\nbills = "sources"')
    ran = fanbilling("run", folder, *FIRST)
    assert ran.status != 0
    assert "this is none of together, source, agreement @ settings.bills" in ran.err
    assert not (folder / "books.db").exists()


def test_a_program_reads_separate_bills_as_it_reads_one(tmp_path):
    names = {}
    for word in ("together", "source"):
        folder = small(tmp_path / word, settings=f'{SMALL["settings.toml"]}\n[settings]\nbills = "{word}"')
        seen = answer("preview", folder, "acme", *FIRST)
        ran = answer("run", folder, *FIRST)
        assert len(seen["drafts"]) == {"together": 1, "source": 2}[word]
        assert sorted(draft["total"] for draft in seen["drafts"]) == sorted(
            one["total"] for one in ran["issued"] if one["payer"] == "acme"
        )
        drafts = [sorted(draft) for draft in seen["drafts"]]
        lines = [sorted(line) for draft in seen["drafts"] for line in draft["lines"]]
        issued = [sorted(one) for one in ran["issued"]]
        assert all(keys == drafts[0] for keys in drafts)
        assert all(keys == lines[0] for keys in lines)
        assert all(keys == issued[0] for keys in issued)
        names[word] = sorted(seen), drafts[0], lines[0], sorted(ran), issued[0]
    assert (
        names["together"]
        == names["source"]
        == (
            ["client", "drafts", "paid_by", "rejected"],
            ["because", "currency", "kind", "lines", "net", "on", "payer", "total", "until", "vat"],
            ["client", "corrects", "from", "last_day", "net", "text", "title", "vat"],
            ["incomplete", "issued", "notes", "papers", "rejected", "sent", "skipped"],
            ["currency", "files", "number", "payer", "total"],
        )
    )


# ----------------------------------------------------------------------------------------------------- nothing to bill

DONE_NOTHING = {"issued": [], "skipped": [], "rejected": [], "incomplete": [], "notes": [], "sent": 0, "papers": []}
NOTHING = dict.fromkeys((name.removesuffix(".csv") for name in SMALL if name.endswith(".csv")), None)


def nothing(at, tables):
    """A folder whose tables are absent, or have a header and no row."""
    folder = small(at, **NOTHING)
    for table in TABLES if tables == "empty" else ():
        (folder / table.file).write_text(";".join(table.columns) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("tables", ["absent", "empty"])
def test_a_folder_without_a_row_is_billed_and_looked_at(tmp_path, tables):
    folder = nothing(tmp_path / "nothing", tables)
    for days in (FIRST, SECOND):
        assert answer("run", folder, *days) == DONE_NOTHING
    before = books(folder)
    assert answer("verify", folder) == {"findings": []}
    assert fanbilling("run", folder, *SECOND).out.startswith("Nothing to bill: ")
    for words in (["ledger", folder], ["why-not", folder], ["run", folder, *SECOND]):
        assert fanbilling(*words).status == 0, words
    for words in (["client", folder, "acme"], ["preview", folder, "acme", *SECOND], ["explain", folder, "2026-0001"]):
        ran = fanbilling(*words)
        assert (ran.status, ran.out) == (1, ""), words
        assert ran.err.startswith("fanbilling: there is no "), words
    assert books(folder) == before
