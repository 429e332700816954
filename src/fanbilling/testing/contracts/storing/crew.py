"""People who work on the same books at the same time, each in a thread."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from ....domain.errors import AdapterFailure
from ....domain.ports.storage import Store, UnitOfWork

#: A store that was disturbed may ask to be called again; nobody is disturbed this often.
TRIES = 50
#: Who has not ended by then waits for ever.
FOR_EVER = 120

Work = Callable[[], object]


class Crew:
    """People who work at the same time, each in a thread; whatever one of them finds wrong is told at the end."""

    def __init__(self) -> None:
        self._errors: list[BaseException] = []
        self._threads: list[Thread] = []

    def start(self, *work: Work) -> None:
        """Let somebody begin with each piece of work."""
        for piece in work:
            self._threads.append(Thread(target=self._do, args=(piece,), daemon=True))
            self._threads[-1].start()

    def end(self) -> None:
        """Wait until all have ended, and tell the first thing that went wrong."""
        for thread in self._threads:
            thread.join(FOR_EVER)
            assert not thread.is_alive(), "nobody waits for ever: whoever cannot go on is refused"
        for error in self._errors:
            raise error

    def _do(self, piece: Work) -> None:
        try:
            piece()
        except BaseException as error:  # noqa: BLE001 - it is told in the thread of the test
            self._errors.append(error)


def done(books: UnitOfWork, work: Callable[[Store], object]) -> None:
    """Do a piece of work in a transaction, again when the store says that trying again can help."""
    for _ in range(TRIES):
        try:
            with books() as store:
                work(store)
        except AdapterFailure as failure:
            if not failure.retryable:
                raise
        else:
            return
    raise AssertionError(f"whoever tries again gets through: {TRIES} times were not enough")
