"""The contract of a store finds what is wrong with one: every fault below breaks the rule beside it, in these words."""

import re

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fanbilling.adapters.storage.memory import MemoryBooks, MemoryStore
from fanbilling.testing.contracts import StoreContract
from fanbilling.testing.contracts.storing.machine import StoreMachine
from fanbilling.testing.contracts.storing.together import TogetherContract
from tests.testing.faults import diary, issued, records, together, transactions
from tests.testing.holding import hold


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
    "an error commits": (
        transactions.CommitsDespiteAnError,
        "an_error_undoes_what_was_done",
        "after an error it never was that a record is added",
    ),
    "nothing commits": (
        transactions.ForgetsToCommit,
        "a_clean_exit_keeps_what_was_done",
        "after a clean exit it stays so that a record is added",
    ),
    "the error is swallowed": (
        transactions.SwallowsTheError,
        "an_error_passes_on",
        "the error passes on: the caller sees its own",
    ),
    "a store answers for ever": (
        transactions.StaysOpen,
        "a_store_is_useless_after_its_transaction",
        "an ended transaction refuses every call",
    ),
    "a savepoint undoes nothing": (
        books_of(transactions.SavepointUndoesNothing),
        "a_savepoint_undoes_its_own_part",
        "after an error in a savepoint it never was that a record is added",
    ),
    "a savepoint swallows the error": (
        books_of(transactions.SavepointSwallowsTheError),
        "an_error_passes_on",
        "the error passes on: the caller sees its own",
    ),
    "a savepoint undoes too much": (
        books_of(transactions.SavepointUndoesTheTransaction),
        "a_savepoint_undoes_its_own_part",
        "after an error in a savepoint it never was that a record is added",
    ),
    "savepoints do not nest": (
        books_of(transactions.OnlyTheOuterSavepointCounts),
        "savepoints_lie_inside_one_another",
        "savepoints lie inside one another: each fails with its own part",
    ),
    "a savepoint forgets a part": (
        books_of(transactions.AgendaOutsideTheSavepoint),
        "a_savepoint_undoes_its_own_part",
        "after an error in a savepoint it never was that an agreement is touched",
    ),
    "administrations meet": (
        transactions.OneAdministrationForAll,
        "another_administration_sees_nothing",
        "nothing of one administration is seen from another",
    ),
    "nothing for what is missing": (
        books_of(records.NothingForMissing),
        "what_is_missing_is_not_found",
        "a missing record is NotFound",
    ),
    "KeyError for what is missing": (
        books_of(records.KeyErrorForMissing),
        "what_is_missing_is_not_found",
        "a missing record is NotFound",
    ),
    "an id is added twice": (
        books_of(records.AddsOverWhatIsThere),
        "an_id_is_added_once",
        "adding an id twice is a Conflict",
    ),
    "half of the records are added": (
        books_of(records.AddsUntilItFails),
        "records_are_added_all_or_none",
        "an id twice in one call is a Conflict",
    ),
    "a stale replacement": (
        books_of(records.ReplacesWhatItHasNotSeen),
        "who_has_not_seen_the_latest_changes_nothing",
        "a stale replacement is a Conflict",
    ),
    "upper and lower case are one": (
        books_of(records.FoldsUpperAndLowerCase),
        "odd_texts_come_back_as_they_were",
        "the text 'A' comes back as it was",
    ),
    "undeclared keys find nothing": (
        books_of(records.FindsByAnything),
        "only_declared_keys_can_be_found_by",
        "a condition on an undeclared field is refused",
    ),
    "a page skips a row": (
        books_of(records.PageSkipsARow),
        "pages_skip_nothing_and_repeat_nothing",
        "pages of 1 in the order of client skip and repeat nothing",
    ),
    "a page repeats a row": (
        books_of(records.PageRepeatsARow),
        "pages_skip_nothing_and_repeat_nothing",
        "pages repeat nothing: they come to an end",
    ),
    "what is absent is left out": (
        books_of(records.LeavesOutWhatIsAbsent),
        "records_sort_by_a_key_and_then_by_id",
        "records sort by ended and then by id, absent values first",
    ),
    "the journal is in another order": (
        books_with("journal", diary.JournalByParty),
        "positions_follow_each_other_without_a_gap",
        "positions follow each other in the order written, also as the transaction itself sees them",
    ),
    "positions do not roll back": (
        books_with("journal", diary.PositionsNeverComeBack),
        "numbers_and_positions_of_what_failed_are_given_again",
        "no position is lost and none is given twice",
    ),
    "a touch makes it later": (
        books_with("agenda", diary.TouchMakesItLater),
        "a_touch_never_makes_it_later",
        "a touch never makes it later: the earliest days count",
    ),
    "a page cuts a payer in two": (
        books_with("agenda", diary.PageCutsAPayer),
        "a_page_of_the_agenda_holds_whole_payers",
        "a page of the agenda holds whole payers, each with all that is due",
    ),
    "what has no day is due": (
        books_with("agenda", diary.AsksWhatHasNoDay),
        "a_run_sees_what_is_due_until_its_day",
        "a run sees what is due until its day, and nothing else",
    ),
    "an answer undoes a touch": (
        books_with("agenda", diary.AnswerUndoesATouch),
        "an_answer_does_not_undo_a_touch",
        "an answer does not undo a touch: inside what was asked meanwhile it is asked at once",
    ),
    "an answer is lost in a touch": (
        books_with("agenda", diary.AnswerIsForgottenAfterATouch),
        "an_answer_does_not_undo_a_touch",
        "an answer does not undo a touch: inside what was asked meanwhile it is asked at once",
    ),
    "asked_until falls": (
        books_with("agenda", diary.AskedUntilFalls),
        "how_far_was_asked_never_falls",
        "asked_until never falls",
    ),
    "an answer makes a row": (
        books_with("agenda", diary.AnswerMakesARow),
        "an_answer_for_no_row_is_passed_over",
        "an answer puts nothing on the agenda; only a touch does",
    ),
    "a revision is taken twice": (
        books_with("billed", issued.BillsTwice),
        "a_revision_is_taken_once",
        "a taken (key, revision) is a Conflict",
    ),
    "an entry is forgotten": (
        books_with("billed", issued.ForgetsAnEntry),
        "a_billed_entry_comes_back_equal",
        "every entry comes back equal",
    ),
    "a window excludes its day": (
        books_with("billed", issued.WindowExcludesItsDay),
        "a_window_holds_what_is_filed_from_its_day_on",
        "a window begins with its day: the day is included",
    ),
    "windows show an entry twice": (
        books_with("billed", issued.WindowsShowTwice),
        "a_window_holds_what_is_filed_from_its_day_on",
        "windows that overlap show nothing twice",
    ),
    "lines sort as text": (
        books_with("billed", issued.LinesAsText),
        "a_documents_entries_come_in_the_order_of_its_lines",
        "entries come in the order of their lines, as numbers",
    ),
    "0.10 becomes 0.1": (
        books_with("billed", issued.MoneyLosesItsDecimals),
        "billed_money_keeps_its_decimals",
        "the net amount in EUR keeps its decimals",
    ),
    "decisions sort by id": (
        books_with("decisions", issued.DecisionsById),
        "decisions_come_in_the_order_in_which_they_were_made",
        "decisions come in the order in which they were made",
    ),
    "a withdrawal moves a decision": (
        books_with("decisions", issued.WithdrawnComesLast),
        "decisions_come_in_the_order_in_which_they_were_made",
        "decisions stay in the order made, also after one was withdrawn, each once",
    ),
    "numbers do not roll back": (
        books_with("documents", issued.NumbersNeverComeBack),
        "numbers_and_positions_of_what_failed_are_given_again",
        "no number is lost and none is given twice",
    ),
    "one series for all": (
        books_with("documents", issued.OneSeriesForAll),
        "series_are_numbered_apart",
        "series are numbered apart, each 1..n",
    ),
    "dates go back": (
        books_with("documents", issued.DatesGoBack),
        "dates_never_go_back_along_the_numbers",
        "an earlier date than the last is refused",
    ),
    "links stand alone": (
        books_with("documents", issued.LinksStandAlone),
        "the_archive_recomputes",
        "the link follows from the one before",
    ),
    "a document is sealed again": (
        books_with("documents", issued.SealsAgain),
        "a_document_is_sealed_once",
        "a taken id is a Conflict",
    ),
    "balances are floats": (
        books_with("ledger", issued.FloatBalances),
        "a_thousand_dimes_are_a_hundred",
        "balances are exact",
    ),
    "balances are rounded floats": (
        books_with("ledger", issued.RoundedFloatBalances),
        "large_amounts_are_exact",
        "large sums are exact",
    ),
    "an entry is posted again": (
        books_with("ledger", issued.PostsAgain),
        "an_entry_is_posted_once",
        "a posted id is a Conflict",
    ),
    "currencies are added up": (
        books_with("ledger", issued.OneCurrency),
        "currencies_are_summed_apart",
        "an open item is of one currency",
    ),
    "what is settled stays open": (
        books_with("ledger", issued.SettledStaysOpen),
        "what_is_settled_is_not_open",
        "what is settled is not open",
    ),
    "postings are in another order": (
        books_with("ledger", issued.PostingsByAccount),
        "an_entry_comes_back_equal",
        "the entry comes back equal",
    ),
    "add commits": (
        transactions.CommitsInsideAdd,
        "an_error_undoes_what_was_done",
        "after an error it never was that a record is added",
    ),
    "a journal row is dropped": (
        books_with("journal", diary.DropsAJournalRow),
        "the_journal_is_read_on_from_a_position",
        "the rest of the journal is read too",
    ),
    "a page of the journal skips a row": (
        books_with("journal", diary.JournalSkipsARowBetweenPages),
        "the_journal_is_read_on_from_a_position",
        "the journal is read on from a position: it skips nothing and drops nothing",
    ),
    "a part of the payers lacks its last": (
        books_with("agenda", diary.PartWithoutItsLast),
        "a_part_of_the_payers_ends_with_its_last",
        "a part of the payers ends with its last, whole, and with nobody after it",
    ),
    "a part of the payers has no end": (
        books_with("agenda", diary.PartGoesOnToTheEnd),
        "a_part_of_the_payers_ends_with_its_last",
        "a part of the payers ends with its last, whole, and with nobody after it",
    ),
    "payers sort as a language does": (
        books_with("agenda", diary.PayersByName),
        "the_payers_who_are_due_come_in_order",
        "payers who are due come in order, by code point",
    ),
    "payers with nothing due": (
        books_with("agenda", diary.PayersWithNothingDue),
        "the_payers_who_are_due_come_in_order",
        "payers who are due come in order, by code point",
    ),
    "a payer for every row": (
        books_with("agenda", diary.PayersPerRow),
        "the_payers_who_are_due_come_in_order",
        "payers who are due come in order, by code point",
    ),
    "a page of payers repeats one": (
        books_with("agenda", diary.PayersFromTheLastOn),
        "the_payers_who_are_due_come_in_order",
        "a page of payers goes on after a payer",
    ),
    "held rows are sorted": (
        books_with("agenda", diary.HoldsInOrderOfKeys),
        "what_is_held_comes_in_the_order_asked",
        "held rows come in the order asked",
    ),
    "held rows come once": (
        books_with("agenda", diary.HoldsEachOnce),
        "what_is_held_comes_in_the_order_asked",
        "held rows come in the order asked",
    ),
    "what is missing is not held": (
        books_with("agenda", diary.HoldsWhatIsThere),
        "what_nobody_touched_cannot_be_held",
        "holding an untouched agreement is NotFound",
    ),
    "counters never fall": (
        books_of(transactions.CountersNeverFall),
        "counters_say_where_each_numbering_stands",
        "counters go back with a savepoint",
    ),
    "counters lag behind": (
        books_of(transactions.CountersOfTheBeginning),
        "counters_say_where_each_numbering_stands",
        "counters say what this transaction drew",
    ),
    "series count together": (
        books_of(transactions.SeriesCountTogether),
        "counters_say_where_each_numbering_stands",
        "each series has a counter of its own",
    ),
    "counters count every administration": (
        transactions.CountsForAll,
        "another_administration_sees_nothing",
        "counters count one administration",
    ),
    "another administration's document": (
        transactions.SeesAnothersDocument,
        "another_administration_sees_nothing",
        "nothing of another administration is found by id",
    ),
    "another administration's entry": (
        transactions.ShowsAnothersEntries,
        "another_administration_sees_nothing",
        "nothing of another administration is found by document or window",
    ),
    "hold keeps nobody out": (
        together.careless("agenda.hold"),
        "what_is_held_stands_still",
        "what is held is held: a touch by another waits until the end",
    ),
    "what is asked for is not held": (
        together.careless("agenda.due"),
        "what_is_held_stands_still",
        "what is asked for is held: a touch by another waits until the end",
    ),
    "a touch does not wait": (
        together.careless("agenda.touch"),
        "what_is_held_stands_still",
        "what is held is held: a touch by another waits until the end",
    ),
    "an answer does not wait": (
        together.careless("agenda.answered"),
        "what_is_held_stands_still",
        "what is held is held: an answer by another waits until the end",
    ),
    "two bill the same": (
        together.careless("billed.append"),
        "a_key_is_billed_by_one_of_two",
        "the other one gets a Conflict",
    ),
    "what is held is not": (
        together.careless("store.hold"),
        "who_holds_first_decides",
        "never more than there is: who holds first decides",
    ),
    "a change is lost": (
        together.careless("store.replace"),
        "a_record_is_replaced_by_one_of_two",
        "a stale replacement by another at the same time is a Conflict: no change is lost",
    ),
    "two get one number": (
        together.careless("documents.seal"),
        "eight_who_issue_into_one_series_leave_no_gap",
        "whoever issues into one series gets a number of its own",
    ),
    "two get one position": (
        together.careless("journal.append"),
        "a_reader_who_follows_the_journal_misses_nothing",
        "a reader who follows the journal misses nothing and sees nothing twice",
    ),
    "a position is visible late": (
        together.PositionsVisibleLate,
        "a_position_is_not_seen_before_those_in_front_of_it",
        "no journal position is visible late: a reader who follows the journal misses nothing",
    ),
    "looking sees the beginning": (
        together.LooksAtTheBeginning,
        "who_looks_sees_what_was_kept",
        "who looks sees what was kept",
    ),
    "looking keeps": (together.KeepsWhatWasLooked, "who_looks_keeps_nothing", "who looks keeps nothing"),
    "looking waits": (together.LookingWaits, "who_looks_waits_for_nobody", "who looks waits for nobody"),
    "looking sees every moment": (
        together.LooksAtEveryMoment,
        "who_looks_sees_one_moment",
        "who looks sees one moment",
    ),
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
    "a part of the payers lacks its last",
    "payers with nothing due",
    "held rows come once",
    "what is missing is not held",
    "series count together",
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


class Patient(StoreContract):
    """Watches longer: what does not wait is found out as soon as it goes through, also on a busy machine."""

    patience = 2


def held(rule, new_books, contract=StoreContract):
    """Hold books to one rule of the contract, in all its cases."""

    def fixtures():
        books = new_books()
        beside = issubclass(new_books, transactions.OneAdministrationForAll | transactions.Beside)
        neighbour = new_books("be", books) if beside else MemoryBooks("be")
        return {"books": books, "looking": books, "new_books": new_books, "neighbour": neighbour}

    hold(contract(), rule, fixtures)


def machine(new_books):
    """The machine that compares these books with those in memory."""
    return type("Machine", (StoreMachine,), {"new_books": staticmethod(new_books)})


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_breaks_the_rule_that_it_is_about(fault):
    new_books, rule, words = FAULTS[fault]
    with pytest.raises(AssertionError, match=re.escape(words)):
        held(rule, new_books, Patient)


@pytest.mark.parametrize("rule", sorted({rule for _, rule, _ in FAULTS.values()}))
def test_honest_books_hold_the_rule(rule):
    held(rule, together.Looking)


@pytest.mark.parametrize("rule", [name.removeprefix("test_") for name in vars(TogetherContract) if "test_" in name])
def test_books_that_let_several_in_and_take_every_care_hold_the_rule(rule):
    held(rule, together.TwoAtOnce)


@pytest.mark.parametrize("fault", COLLISIONS)
def test_the_machine_finds_a_fault_by_itself(fault):
    new_books, _, _ = FAULTS[fault]
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine(new_books), settings=SEARCH)


def test_the_machine_finds_nothing_wrong_with_honest_books():
    run_state_machine_as_test(machine(MemoryBooks), settings=settings(SEARCH, max_examples=50))
