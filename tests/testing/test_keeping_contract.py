"""The contract of document stores finds what is wrong with one, in the words of the rule."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest

from fanbilling.adapters.documents.folder import FolderDocuments
from fanbilling.testing.contracts import DocumentStoreContract
from tests.testing.faults import kept
from tests.testing.holding import hold, rules_of

CONTRACT = DocumentStoreContract()
FAULTS = {
    kept.Replaces: ("another_under_the_same_key_is_refused", "what is kept is never replaced"),
    kept.KeepsTheFirstSilently: ("another_under_the_same_key_is_refused", "what is kept is never replaced"),
    kept.LooksAtBytesAlone: ("another_under_the_same_key_is_refused", "what is kept is never replaced: another media"),
    kept.RefusesTheSame: ("the_same_again_changes_nothing", "the same again is no conflict"),
    kept.AsText: ("what_is_kept_is_read_back_to_the_byte", "every byte is read back"),
    kept.HandsOutViews: ("what_is_kept_is_read_back_to_the_byte", "bytes are bytes"),
    kept.ForgetsWhatItIs: ("what_is_kept_is_read_back_to_the_byte", "and what it is"),
    kept.ForgetsTheEnding: ("what_is_kept_is_read_back_to_the_byte", "and what it is"),
    kept.NothingIsEmpty: ("what_is_not_there_is_not_found", "an unknown key is NotFound"),
    kept.LosesCapitals: ("every_key_is_its_own", "every key is its own"),
    kept.TakesAnyKey: ("what_is_no_key_is_refused", "what is no key is refused"),
    kept.DoesNotLook: ("what_was_damaged_is_not_handed_out", "what was damaged is not handed out"),
    kept.SaysToTryAgain: ("what_was_damaged_is_not_handed_out", "trying again does not mend it"),
    kept.ForgetsWhenItCloses: ("what_one_kept_another_reads", "what is kept stays"),
    kept.LooksFirst: ("of_several_at_once_one_is_kept_and_the_others_are_told", "of several at once one is kept"),
}


def held(rule, cls):
    """Hold a class to a rule, each case in a folder of its own."""

    def fixtures():
        folder = Path(tempfile.mkdtemp(dir=place)) / "sent"

        def spoil(key):
            [file] = [one for one in folder.iterdir() if one.name.startswith(f"{key}-") and one.suffix == ".pdf"]
            file.write_bytes(file.read_bytes()[:-1] + b"\x01")

        return {"new_documents": lambda: cls(folder), "spoil": spoil}

    with tempfile.TemporaryDirectory() as place:
        hold(CONTRACT, rule, fixtures)


@pytest.mark.parametrize(("fault", "rule", "words"), [(fault, *found) for fault, found in FAULTS.items()])
def test_a_fault_breaks_the_rule_that_it_is_about(fault, rule, words):
    with pytest.raises(AssertionError, match=re.escape(words)):
        held(rule, fault)


@pytest.mark.parametrize("rule", rules_of(CONTRACT))
def test_what_has_no_fault_breaks_no_rule(rule):
    held(rule, FolderDocuments)


def test_a_rule_that_nobody_breaks_would_be_no_rule():
    assert set(rules_of(CONTRACT)) == {rule for rule, _ in FAULTS.values()}
