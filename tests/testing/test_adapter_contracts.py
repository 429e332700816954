"""The contracts of renderers, mailers and payment feeds find what is wrong with one, in the words of the rule."""

import csv
import re
import tempfile
from datetime import date
from pathlib import Path

import pytest

from fanbilling.adapters.mail.folder import FolderMailer
from fanbilling.adapters.payments.csv import CsvFeed
from fanbilling.adapters.rendering.html import HtmlRenderer
from fanbilling.adapters.rendering.text import TextRenderer
from fanbilling.testing.contracts import MailerContract, PaymentFeedContract, RendererContract
from fanbilling.testing.contracts.mailing import read
from tests.testing.faults import money, paper, post
from tests.testing.holding import hold, rules_of

ON = date(2026, 3, 2)
Rendering, Mailing, Collecting = RendererContract(), MailerContract(), PaymentFeedContract()


def paper_fixtures(renderer, _folder):
    return {"renderer": renderer()}


def post_fixtures(mailer, folder):
    """A mailer, what arrived from it, and the same one on a disk that is full at the last moment."""
    box = folder / "box"

    class CutOff(mailer):
        def send(self, letter, *, key):
            def full(_handle):
                raise OSError(28, "No space left on device")

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("os.fsync", full)
                return super().send(letter, key=key)

    arrived = lambda: [read(path.read_bytes()) for path in sorted(box.glob("*"))]  # noqa: E731
    return {"mailer": mailer(box, ON), "cut_off": CutOff(box, ON), "arrived": arrived}


def money_fixtures(feed, folder):
    def new_feed(payments):
        with (folder / "statement.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("date", "amount", "currency", "payer", "account", "reference"))
            for one in payments:
                sum_of = (one.amount.amount, one.amount.currency)
                rows.writerow((one.on.isoformat(), *sum_of, one.payer, one.account, one.reference))
        return feed(folder / "statement.csv")

    return {"new_feed": new_feed}


def held(contract, rule, fixtures, cls):
    """Hold a class to a rule, each case in a folder of its own."""
    with tempfile.TemporaryDirectory() as place:
        hold(contract, rule, lambda: fixtures(cls, Path(tempfile.mkdtemp(dir=place))))


SAME = "the same document gives the same bytes"
READ = "every amount is read to the cent"
NAME = "a name stays a name"
TOLD = "a carrier that cannot be reached is told: expected AdapterFailure"
PAPER = {
    paper.Counts: ("the_same_document_gives_the_same_bytes", SAME),
    paper.HashesText: ("another_process_gives_the_same_bytes", "the same bytes in another process"),
    paper.RoundsToEuros: ("every_amount_is_read", READ),
    paper.ThroughAFloat: ("every_amount_is_read", READ),
    paper.AlwaysEnglish: ("both_languages_are_spoken", "a document is in its own language"),
    paper.OnePage: ("many_lines_come_in_order", "many lines are read once each, in order"),
    paper.ColumnByColumn: ("many_lines_come_in_order", "many lines are read once each, in order"),
    paper.CutsLongNames: ("number_and_names_are_read", "the buyer's name is read"),
    paper.LeavesTheNumberOut: ("number_and_names_are_read", "the number is read"),
    paper.ForgetsWhatItCorrects: (
        "a_credit_note_says_what_it_corrects",
        "a credit note says which document it corrects",
    ),
    paper.CreditsAsInvoices: ("a_credit_note_is_not_an_invoice", "a credit note is not read as an invoice"),
    paper.DoesNotEscape: ("a_name_stays_a_name", NAME),
    paper.FillsInNames: ("a_name_stays_a_name", NAME),
    paper.WritesInTheDocument: ("a_document_is_not_changed", "a document is not changed by rendering it"),
    paper.SaysNotWhatItMade: ("it_says_what_it_made", "the media type is one"),
}
POST = {
    post.NewIdEachTime: ("the_same_key_is_the_same_message", "the same key is delivered once, or under the same id"),
    post.IdFromTheText: ("the_same_key_is_the_same_message", "the id follows from the key alone"),
    post.OneIdForAll: ("another_key_is_another_message", "another key is another message"),
    post.LetsHeadersThrough: ("a_forged_header_is_refused", "a line break in the subject is refused"),
    post.CutsLongSubjects: ("a_letter_arrives_whole", "the subject arrives whole"),
    post.SwallowsADot: ("a_letter_of_text_alone_arrives", "the text arrives whole"),
    post.AttachmentsAsText: ("a_letter_arrives_whole", "every byte of an attachment arrives"),
    post.OnlyOneAttachment: ("a_letter_arrives_whole", "every attachment arrives, in order"),
    post.EverythingIsAFile: ("a_letter_arrives_whole", "an attachment keeps its media type"),
    post.CopiesOurselves: ("a_letter_arrives_whole", "a letter arrives at nobody else"),
    post.TellsItsOwnErrors: ("a_failure_says_whether_to_try_again", TOLD),
    post.HidesFailures: ("a_failure_says_whether_to_try_again", TOLD),
    post.SaysNotToTryAgain: ("a_failure_says_whether_to_try_again", "a failure says whether trying again can help"),
    post.SaysToTryAgain: ("a_forged_header_is_refused", "what is wrong with a letter is not retryable"),
    post.WritesInPlace: ("a_failure_leaves_what_arrived_as_it_was", "nothing is half delivered"),
}
MONEY = {
    money.FloatAmounts: ("amounts_are_exact", "amounts are exact: Decimal, never a float"),
    money.NewestFirst: ("every_payment_is_told", "payments come in order, as the bank told them"),
    money.SortsByAmount: ("every_payment_is_told", "payments come in order, as the bank told them"),
    money.NumbersAsNumbers: ("every_payment_is_told", "payments come in order, as the bank told them"),
    money.LeavesReturnsOut: ("every_payment_is_told", "every payment is told once"),
    money.TakesEqualsForDoubles: ("every_payment_is_told", "every payment is told once"),
    money.SameIdForEquals: ("ids_are_unique", "ids are unique, also of payments that are alike"),
    money.CountsFromTheEnd: ("ids_stay_when_more_comes_in", "ids stay when more comes in"),
    money.DrawsIds: ("the_same_question_has_the_same_answer", "the same question has the same answer"),
    money.ReadsOnce: ("the_same_question_has_the_same_answer", "the same question has the same answer"),
    money.BeginsWithTheLast: (
        "a_feed_goes_on_after_what_was_taken",
        "after one that was taken come exactly those behind it",
    ),
    money.BeginsAgain: ("an_unknown_last_one_is_an_error", "an unknown after is NotFound"),
    money.NothingAfterTheUnknown: ("an_unknown_last_one_is_an_error", "an unknown after is NotFound"),
}
FAULTS = [
    pytest.param(contract, fixtures, fault, rule, words, id=fault.__name__)
    for contract, fixtures, faults in (
        (Rendering, paper_fixtures, PAPER),
        (Mailing, post_fixtures, POST),
        (Collecting, money_fixtures, MONEY),
    )
    for fault, (rule, words) in faults.items()
]


@pytest.mark.parametrize(("contract", "fixtures", "fault", "rule", "words"), FAULTS)
def test_a_fault_breaks_the_rule_that_it_is_about(contract, fixtures, fault, rule, words):
    with pytest.raises(AssertionError, match=re.escape(words)):
        held(contract, rule, fixtures, fault)


@pytest.mark.parametrize(
    ("contract", "fixtures", "honest"),
    [
        (Rendering, paper_fixtures, TextRenderer),
        (Rendering, paper_fixtures, HtmlRenderer),
        (Mailing, post_fixtures, FolderMailer),
        (Collecting, money_fixtures, CsvFeed),
    ],
)
def test_what_has_no_fault_breaks_no_rule(contract, fixtures, honest):
    for rule in rules_of(contract):
        held(contract, rule, fixtures, honest)


def test_a_rule_that_nobody_breaks_would_be_no_rule():
    for contract, faults in ((Rendering, PAPER), (Mailing, POST), (Collecting, MONEY)):
        broken = {rule for rule, _ in faults.values()}
        assert set(rules_of(contract)) - broken <= {"nothing_came_in"}
