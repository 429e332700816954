"""Every command on the billed sample company: what it shows, what it answers, and that it leaves no trace."""

import json
import re
import sqlite3
import subprocess
import sys

import pytest

import fanbilling as library
from fanbilling.cli.place import open_place
from tests.cli.folders import contents, copy, fanbilling, in_a_process, small

JULY = ("--until", "2026-07-31", "--on", "2026-08-01")


def told(text):
    """A screen as one line."""
    return " ".join(text.split())


@pytest.fixture(scope="module", autouse=True)
def nothing_is_changed(billed):
    """None of these commands changes a byte, of the books neither."""
    before = contents(billed), (billed / "books.db").read_bytes()
    yield
    assert (contents(billed), (billed / "books.db").read_bytes()) == before
    assert [path.name for path in billed.glob("books.db*")] == ["books.db"]


def test_help_names_every_command():
    ran = fanbilling("--help")
    assert ran.status == 0
    for command in ("run", "demo", "preview", "explain", "client", "why-not", "ledger", "verify"):
        assert re.search(rf"^    {command} ", ran.out, re.MULTILINE)
    assert "exit status: 0 done, 1 problems found, 2 the command was not understood" in told(ran.out)


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["nonsense"]])
def test_what_a_command_needs_is_loaded_when_it_is_carried_out(words):
    program = f"import sys; from fanbilling.cli import main; main({words!r}); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    loaded = ran.stdout.split("\n")[-2].split()
    assert [name for name in loaded if name.startswith("fanbilling.cli.") and ".parsers" not in name] == []
    assert {"fanbilling.cli.parsers", "fanbilling.cli.parsers.billing"} <= set(loaded)


def test_version():
    ran = fanbilling("--version")
    assert ran.status == 0
    assert re.fullmatch(r"fanbilling \S.*\n", ran.out)


def test_the_module_is_the_command(billed):
    ran = in_a_process("verify", billed)
    assert (ran.status, ran.out, ran.err) == (0, "all laws hold\n", "")


# -------------------------------------------------------------------------------------------------------------- preview


def test_preview_drafts_what_the_next_run_issues(billed, tmp_path):
    ran = fanbilling("preview", billed, "wolkenveld", *JULY, "--json")
    assert ran.status == 0
    [draft] = json.loads(ran.out)["drafts"]
    # licence 249.00, 7 × 58.15 = 407.05, two days of training 2 × 895.00 = 1,790.00; VAT 513.6705
    assert (draft["net"], draft["vat"], draft["total"]) == ("2446.05", "513.67", "2959.72")
    assert sorted(line["net"] for line in draft["lines"]) == ["1790.00", "249.00", "407.05"]
    assert draft["because"]["rule"] == "document.total"
    july = copy(billed, tmp_path / "july")
    issued = json.loads(fanbilling("run", july, *JULY, "--json").out)["issued"]
    assert [one["total"] for one in issued if one["payer"] == "wolkenveld"] == ["2959.72"]


def test_preview_on_a_screen(billed):
    ran = fanbilling("preview", billed, "wolkenveld", *JULY)
    assert ran.status == 0
    assert "Invoice of €2,959.72 (a draft: it has no number)" in told(ran.out)
    assert "VAT 21% on 2,446.05 513.67" in told(ran.out)


def test_preview_says_who_pays(billed):
    ran = fanbilling("preview", billed, "kroon-bouw", *JULY)
    assert ran.status == 0
    assert "kroon pays for kroon-bouw." in told(ran.out)
    assert f"fanbilling preview {billed} kroon --until 2026-07-31 --on 2026-08-01" in ran.out
    answer = json.loads(fanbilling("preview", billed, "kroon-bouw", *JULY, "--json").out)
    assert (answer["paid_by"], answer["drafts"]) == ("kroon", [])


def test_preview_of_a_folder_that_was_never_billed_makes_no_books(tmp_path):
    folder = small(tmp_path)
    before = contents(folder)
    ran = fanbilling("preview", folder, "acme", "--until", "2026-01-31", "--on", "2026-02-01", "--json")
    assert [draft["total"] for draft in json.loads(ran.out)["drafts"]] == ["1247.09"]
    assert contents(folder) == before
    assert not (folder / "books.db").exists()


def test_preview_without_anything_due(billed):
    ran = fanbilling("preview", billed, "eikenhof", *JULY)
    assert ran.status == 0
    assert "No bill: everything due until 31 July 2026 is on one already." in told(ran.out)


# -------------------------------------------------------------------------------------------------------------- explain


def test_explain_tells_every_cent_of_an_upgrade(billed):
    ran = fanbilling("explain", billed, "2026-0095")
    assert ran.status == 0
    for figure in ("Total €1,502.87 = €1,242.04 + €260.83 VAT", "−192 × 24.95 per 31 = −€154.53", "240 × 27.45 per 31"):
        assert figure in ran.out


def test_explain_answers_a_tree(billed):
    ran = fanbilling("explain", billed, "2026-0095", "--json")
    tree = json.loads(ran.out)
    assert tree.keys() == {"rule", "value", "inputs", "because"}
    assert (tree["rule"], tree["value"], tree["inputs"]["net"]) == ("document.total", "1502.87", "1242.04")
    assert [cause["rule"] for cause in tree["because"]] == ["document.net", "document.vat"]
    assert tree["because"][0]["because"][0].keys() == {"rule", "value", "inputs", "because"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["explain", "2026/0095"], "there is no document '2026/0095'. Did you mean 2026-0095"),
        (["explain", "x"], "there is no document 'x'. They run from 2026-0001 to 2026-0197."),
        (["client", "kron"], "there is no client 'kron'. Did you mean kroon (Kroon & Dochters Holding B.V.)"),
        (["client", "Ardent Logistiek"], "Did you mean ardent (Ardent Logistiek B.V.)"),
        (["client", "tuinmeubelen"], "Did you mean eikenhof (Eikenhof Tuinmeubelen B.V.)"),
        (["client", "\x1b[31m"], "there is no client '\\x1b[31m'."),
    ],
)
def test_what_is_not_there_is_told_with_what_looks_like_it(billed, words, said):
    command, *rest = words
    ran = fanbilling(command, billed, *rest)
    assert ran.status == 1
    assert ran.out == ""
    assert said in told(ran.err)


def test_an_unknown_document_is_an_answer_too(billed):
    ran = fanbilling("explain", billed, "2026-9999", "--json")
    assert ran.status == 1
    assert json.loads(ran.out)["error"]["code"] == "not-found"


# ---------------------------------------------------------------------------------------------- client, why-not, ledger


def test_client_tells_what_is_open_and_what_happened(billed):
    ran = fanbilling("client", billed, "rietkraag")
    assert ran.status == 0
    screen = told(ran.out)
    assert screen.startswith(
        "Rietkraag Waterrecreatie B.V. · rietkraag · Plasweg 71, 1431 VV Aalsmeer, NL Open: €102.79"
    )
    assert "Credit note 2026-0062 −24.20" in screen
    assert "Payment" in screen
    days = re.findall(r"^  (\d+ \w+ \d{4})   \S.*", ran.out.partition("Timeline")[2], re.MULTILINE)
    assert len(days) > 15


def test_client_tells_who_pays(billed):
    assert "kroon pays for kroon-zorg from 1 April 2026." in told(fanbilling("client", billed, "kroon-zorg").out)
    assert "kroon pays for kroon-bouw." in told(fanbilling("client", billed, "kroon-bouw").out)
    assert "Nothing is open." in told(fanbilling("client", billed, "kroon-bouw").out)


def test_why_not_tells_what_is_on_no_bill(billed):
    ran = fanbilling("why-not", billed)
    assert ran.status == 0
    screen = told(ran.out)
    assert "seen until 30 June 2026" in screen
    assert "Meerwerk urenimport (L-2031) 11 Jun 2026 Held: Meerwerk nog niet akkoord" in screen
    assert "L-2032" in screen
    assert "15 July 2026" in screen
    later = told(fanbilling("why-not", billed, "--until", "2026-07-31").out)
    assert "Ready" in later


def test_ledger_is_in_balance(billed):
    ran = fanbilling("ledger", billed)
    assert ran.status == 0
    screen = told(ran.out)
    assert "1100 bank 66,858.46" in screen
    assert "1300 receivable 16,427.92" in screen
    # 66,858.46 and 16,427.92, and goods: 1,260.00 in stock and 540.00 sold
    assert "Total 85,086.38 85,086.38" in screen
    assert "In balance." in screen


# --------------------------------------------------------------------------------------------------------------- verify


def test_verify_answers_findings(billed):
    assert json.loads(fanbilling("verify", billed, "--json").out) == {"findings": []}
    place = open_place(billed)
    assert library.verify(place.books.reading) == []
    place.books.close()


def test_verify_finds_what_somebody_changed_in_the_books(billed, tmp_path):
    folder = copy(billed, tmp_path / "damaged")
    with sqlite3.connect(folder / "books.db") as books:
        books.execute("DROP TRIGGER fb_document_no_update")  # as somebody would who means to
        books.execute("UPDATE fb_document SET total = total + 1 WHERE number = '2026-0095'")
    books.close()
    ran = fanbilling("verify", folder)
    assert ran.status == 1
    assert "2026-0095" in ran.out
    answer = fanbilling("verify", folder, "--json")
    assert answer.status == 1
    assert all(one.keys() == {"law", "where", "expected", "found"} for one in json.loads(answer.out)["findings"])
