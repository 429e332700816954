"""The contract of a store finds what is wrong with one: every fault below breaks the rule that is named beside it."""

import inspect

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fanbilling.adapters.storage.memory import MemoryBooks, MemoryStore
from fanbilling.testing.contracts import StoreContract
from fanbilling.testing.contracts.storing.machine import StoreMachine
from tests.testing.faults import diary, issued, records, transactions


def books_with(part, cls):
    """Books whose stores have one faulty part."""

    class Faulty(MemoryStore):
        def __init__(self, administration, transaction):
            super().__init__(administration, transaction)
            setattr(self, part, cls(transaction))

    return books_of(Faulty)


def books_of(cls):
    """Books that open a faulty kind of store."""
    return type("Books", (MemoryBooks,), {"store": cls})


FAULTS = {
    "an error commits": (transactions.CommitsDespiteAnError, "an_error_undoes_what_was_done"),
    "nothing commits": (transactions.ForgetsToCommit, "a_clean_exit_keeps_what_was_done"),
    "the error is swallowed": (transactions.SwallowsTheError, "an_error_passes_on"),
    "a store answers for ever": (transactions.StaysOpen, "a_store_is_useless_after_its_transaction"),
    "a savepoint undoes nothing": (books_of(transactions.SavepointUndoesNothing), "a_savepoint_undoes_its_own_part"),
    "a savepoint swallows the error": (books_of(transactions.SavepointSwallowsTheError), "an_error_passes_on"),
    "a savepoint undoes too much": (
        books_of(transactions.SavepointUndoesTheTransaction),
        "a_savepoint_undoes_its_own_part",
    ),
    "savepoints do not nest": (books_of(transactions.OnlyTheOuterSavepointCounts), "savepoints_lie_inside_one_another"),
    "a savepoint forgets a part": (books_of(transactions.AgendaOutsideTheSavepoint), "a_savepoint_undoes_its_own_part"),
    "administrations meet": (transactions.OneAdministrationForAll, "another_administration_sees_nothing"),
    "nothing for what is missing": (books_of(records.NothingForMissing), "what_is_missing_is_not_found"),
    "KeyError for what is missing": (books_of(records.KeyErrorForMissing), "what_is_missing_is_not_found"),
    "an id is added twice": (books_of(records.AddsOverWhatIsThere), "an_id_is_added_once"),
    "half of the records are added": (books_of(records.AddsUntilItFails), "records_are_added_all_or_none"),
    "a stale replacement": (books_of(records.ReplacesWhatItHasNotSeen), "who_has_not_seen_the_latest_changes_nothing"),
    "upper and lower case are one": (books_of(records.FoldsUpperAndLowerCase), "odd_texts_come_back_as_they_were"),
    "undeclared keys find nothing": (books_of(records.FindsByAnything), "only_declared_keys_can_be_found_by"),
    "a page skips a row": (books_of(records.PageSkipsARow), "pages_skip_nothing_and_repeat_nothing"),
    "a page repeats a row": (books_of(records.PageRepeatsARow), "pages_skip_nothing_and_repeat_nothing"),
    "what is absent is left out": (books_of(records.LeavesOutWhatIsAbsent), "records_sort_by_a_key_and_then_by_id"),
    "the journal is in another order": (
        books_with("journal", diary.JournalByParty),
        "positions_follow_each_other_without_a_gap",
    ),
    "positions do not roll back": (
        books_with("journal", diary.PositionsNeverComeBack),
        "numbers_and_positions_of_what_failed_are_given_again",
    ),
    "a touch makes it later": (books_with("agenda", diary.TouchMakesItLater), "a_touch_never_makes_it_later"),
    "a page cuts a payer in two": (
        books_with("agenda", diary.PageCutsAPayer),
        "a_page_of_the_agenda_holds_whole_payers",
    ),
    "what has no day is due": (books_with("agenda", diary.AsksWhatHasNoDay), "a_run_sees_what_is_due_until_its_day"),
    "an answer undoes a touch": (books_with("agenda", diary.AnswerUndoesATouch), "an_answer_does_not_undo_a_touch"),
    "an answer is lost in a touch": (
        books_with("agenda", diary.AnswerIsForgottenAfterATouch),
        "an_answer_does_not_undo_a_touch",
    ),
    "asked_until falls": (books_with("agenda", diary.AskedUntilFalls), "how_far_was_asked_never_falls"),
    "an answer makes a row": (books_with("agenda", diary.AnswerMakesARow), "an_answer_for_no_row_is_passed_over"),
    "a revision is taken twice": (books_with("billed", issued.BillsTwice), "a_revision_is_taken_once"),
    "an entry is forgotten": (books_with("billed", issued.ForgetsAnEntry), "a_billed_entry_comes_back_equal"),
    "a window excludes its day": (
        books_with("billed", issued.WindowExcludesItsDay),
        "a_window_holds_what_is_filed_from_its_day_on",
    ),
    "windows show an entry twice": (
        books_with("billed", issued.WindowsShowTwice),
        "a_window_holds_what_is_filed_from_its_day_on",
    ),
    "lines sort as text": (
        books_with("billed", issued.LinesAsText),
        "a_documents_entries_come_in_the_order_of_its_lines",
    ),
    "0.10 becomes 0.1": (books_with("billed", issued.MoneyLosesItsDecimals), "billed_money_keeps_its_decimals"),
    "decisions sort by id": (
        books_with("decisions", issued.DecisionsById),
        "decisions_come_in_the_order_in_which_they_were_made",
    ),
    "a withdrawal moves a decision": (
        books_with("decisions", issued.WithdrawnComesLast),
        "decisions_come_in_the_order_in_which_they_were_made",
    ),
    "numbers do not roll back": (
        books_with("documents", issued.NumbersNeverComeBack),
        "numbers_and_positions_of_what_failed_are_given_again",
    ),
    "one series for all": (books_with("documents", issued.OneSeriesForAll), "series_are_numbered_apart"),
    "dates go back": (books_with("documents", issued.DatesGoBack), "dates_never_go_back_along_the_numbers"),
    "links stand alone": (books_with("documents", issued.LinksStandAlone), "the_archive_recomputes"),
    "a document is sealed again": (books_with("documents", issued.SealsAgain), "a_document_is_sealed_once"),
    "balances are floats": (books_with("ledger", issued.FloatBalances), "a_thousand_dimes_are_a_hundred"),
    "balances are rounded floats": (books_with("ledger", issued.RoundedFloatBalances), "large_amounts_are_exact"),
    "an entry is posted again": (books_with("ledger", issued.PostsAgain), "an_entry_is_posted_once"),
    "currencies are added up": (books_with("ledger", issued.OneCurrency), "currencies_are_summed_apart"),
    "what is settled stays open": (books_with("ledger", issued.SettledStaysOpen), "what_is_settled_is_not_open"),
    "postings are in another order": (books_with("ledger", issued.PostingsByAccount), "an_entry_comes_back_equal"),
}
#: What the machine is to find by itself, without a test that was written for it.
COLLISIONS = (
    "a savepoint undoes nothing",
    "a savepoint forgets a part",
    "a stale replacement",
    "a page skips a row",
    "the journal is in another order",
    "an answer undoes a touch",
    "an answer is lost in a touch",
    "asked_until falls",
    "a revision is taken twice",
    "a withdrawal moves a decision",
    "dates go back",
    "what is settled stays open",
)
#: The same programs every time, and no time spent on making a found one shorter.
SEARCH = settings(
    max_examples=300,
    stateful_step_count=25,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def hold(rule, new_books):
    """Hold books to one rule of the contract, in all its cases."""
    test = getattr(StoreContract(), f"test_{rule}")
    marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    [cases] = [[{mark.args[0]: value} for value in mark.args[1]] for mark in marks] or [[{}]]
    wanted = inspect.signature(test).parameters
    for case in cases:
        books = new_books()
        shared = new_books is transactions.OneAdministrationForAll
        fixtures = {
            "books": books,
            "new_books": new_books,
            "neighbour": new_books("be", books) if shared else MemoryBooks("be"),
        }
        test(**case, **{name: value for name, value in fixtures.items() if name in wanted})


def machine(new_books):
    """The machine that compares these books with those in memory."""
    return type("Machine", (StoreMachine,), {"new_books": staticmethod(new_books)})


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_breaks_the_rule_that_it_is_about(fault):
    new_books, rule = FAULTS[fault]
    with pytest.raises(AssertionError):
        hold(rule, new_books)


@pytest.mark.parametrize("rule", sorted({rule for _, rule in FAULTS.values()}))
def test_honest_books_hold_the_rule(rule):
    hold(rule, MemoryBooks)


@pytest.mark.parametrize("fault", COLLISIONS)
def test_the_machine_finds_a_fault_by_itself(fault):
    new_books, _ = FAULTS[fault]
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine(new_books), settings=SEARCH)


def test_the_machine_finds_nothing_wrong_with_honest_books():
    run_state_machine_as_test(machine(MemoryBooks), settings=settings(SEARCH, max_examples=50))
