"""The contract of a store: inherit it, override one fixture, and know whether your store keeps the books.

class TestMine(StoreContract):
    @pytest.fixture
    def new_books(self, tmp_path): return lambda: MyBooks(...)   # fresh and empty, administration "nl"
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from ...domain.ports.storage import UnitOfWork
from .storing.agenda import AgendaContract
from .storing.billed import BilledContract, DecisionsContract
from .storing.documents import DocumentsContract
from .storing.finding import FindingContract
from .storing.journal import JournalContract
from .storing.ledger import LedgerContract
from .storing.looking import LookingContract
from .storing.machine import StoreMachine
from .storing.records import RecordsContract
from .storing.together import TogetherContract
from .storing.transactions import TransactionsContract


class StoreContract(
    RecordsContract,
    FindingContract,
    JournalContract,
    AgendaContract,
    BilledContract,
    DecisionsContract,
    DocumentsContract,
    LedgerContract,
    TransactionsContract,
    TogetherContract,
    LookingContract,
):
    """Every rule of a store, one test each, and a machine that looks for what the rules forgot.

    ``kinds`` are the kinds of records that the tests keep, for a store that has to know them beforehand.
    """

    #: How many programs the machine tries at most; as many as the profile of Hypothesis says when nothing is said.
    programs: ClassVar[int | None] = None

    def test_behaves_like_the_memory_store(self, new_books: Callable[[], UnitOfWork]) -> None:
        """Whatever is asked of it, in whatever order, a store answers as the store in memory does."""
        machine = type("Machine", (StoreMachine,), {"new_books": staticmethod(new_books)})
        usual = settings().max_examples
        most = usual if self.programs is None else min(usual, self.programs)
        # Short programs, for the small world collides soon.
        how = settings(max_examples=most, stateful_step_count=25, suppress_health_check=list(HealthCheck))
        run_state_machine_as_test(machine, settings=how)
