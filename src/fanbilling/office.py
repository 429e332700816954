"""The office: one administration with its settings and its sources, wired once by the host."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol, TypeVar

import attrs

from .billing import Billing
from .crm import Crm
from .delivery import Delivery
from .domain.administrations import Administration
from .domain.errors import InvalidValue, NotFound
from .domain.events import Actor
from .domain.findings import Finding
from .domain.kinds import CORE_RECORDS
from .domain.ports.sourcing import BillingSource
from .domain.ports.storage import Store, UnitOfWork
from .domain.settings import Settings
from .opening import OpeningBalances
from .receivables import Receivables
from .sources.courses import Courses, CoursesDesk
from .sources.manual import Manual, ManualDesk
from .sources.orders import Orders, OrdersDesk
from .sources.projects import Projects, ProjectsDesk
from .sources.subscriptions import Subscriptions, SubscriptionsDesk
from .verification import verify

D_co = TypeVar("D_co", covariant=True)
T = TypeVar("T")


def joined(store: Store) -> UnitOfWork:
    """Make a unit of work of an open store: each opening is a savepoint of the host's own transaction.

    Runs then bill inside that transaction: nothing is definite before the host commits, and the actor and moment are
    those of the store.
    """

    @contextmanager
    def opened(*, by: Actor | None = None, at: datetime | None = None) -> Iterator[Store]:  # noqa: ARG001
        with store.savepoint():
            yield store

    return opened


class WithDesk(Protocol[D_co]):
    """A source that brings the desk where people do its work."""

    @property
    def desk(self) -> D_co:
        """The desk."""


@attrs.frozen(kw_only=True)
class Office:
    """Everything a host needs, in one place: the desks, for one administration.

    Args:
        administration: whose books these are.
        settings: made once, in layers.
        sources: who says what is due; each name once.

    Raises:
        InvalidValue: when two sources have one name.
    """

    administration: Administration
    sources: Sequence[BillingSource]
    settings: Settings = Settings()
    billing: Billing = attrs.field(init=False)
    crm: Crm = attrs.field(init=False)
    receivables: Receivables = attrs.field(init=False)
    delivery: Delivery = attrs.field(init=False)
    opening: OpeningBalances = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Refuse two sources with one name: their keys would mix."""
        names = [source.name for source in self.sources]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise InvalidValue(f"two sources are called {twice[0]!r}", where="Office", remedy="give each its own name")

    @billing.default
    def _billing(self) -> Billing:
        return Billing(administration=self.administration, settings=self.settings, sources=tuple(self.sources))

    @crm.default
    def _crm(self) -> Crm:
        return Crm(administration=self.administration, settings=self.settings, sources=tuple(self.sources))

    @receivables.default
    def _receivables(self) -> Receivables:
        return Receivables(administration=self.administration, settings=self.settings)

    @delivery.default
    def _delivery(self) -> Delivery:
        return Delivery(administration=self.administration, settings=self.settings, sources=tuple(self.sources))

    @opening.default
    def _opening(self) -> OpeningBalances:
        return OpeningBalances(administration=self.administration, settings=self.settings, billing=self.billing)

    @property
    def records(self) -> tuple[type, ...]:
        """Every kind of record that the desks and the sources keep: what a database must have tables for."""
        return (*CORE_RECORDS, *(kind for source in self.sources for kind in source.records))

    def desk(self, source: type[WithDesk[D_co]]) -> D_co:
        """Return the desk of a source: ``office.desk(Subscriptions).start(store, …)``.

        Raises:
            NotFound: when the office has no such source.
        """
        for mine in self.sources:
            if isinstance(mine, source):
                return self._bound(mine.desk)
        raise NotFound(f"there is no {source.__name__} here", where="Office", remedy="give it among the sources")

    def _bound(self, desk: T) -> T:
        """Bind a desk to what it asks for by the names of its fields.

        ``administration``: the id, so that it refuses the books of others (law L20); ``accounts``: the chart that it
        books by; ``currency``: that of the administration.
        """
        kind = type(desk)
        fields = attrs.fields_dict(kind) if attrs.has(kind) else {}
        ours = {
            "administration": self.administration.id,
            "accounts": self.settings.accounts,
            "currency": self.administration.currency,
        }
        return attrs.evolve(desk, **{name: value for name, value in ours.items() if name in fields})  # type: ignore[misc]

    def verify(self, books: UnitOfWork) -> list[Finding]:
        """Recompute the laws from everything that is kept, by the core and by the sources; see :func:`verify`."""
        return verify(books, self.sources)

    @property
    def manual(self) -> ManualDesk:
        """The desk of loose lines."""
        return self.desk(Manual)

    @property
    def subscriptions(self) -> SubscriptionsDesk:
        """The desk of subscriptions."""
        return self.desk(Subscriptions)

    @property
    def courses(self) -> CoursesDesk:
        """The desk of courses."""
        return self.desk(Courses)

    @property
    def orders(self) -> OrdersDesk:
        """The desk of orders, from quotation to delivery."""
        return self.desk(Orders)

    @property
    def projects(self) -> ProjectsDesk:
        """The desk of projects."""
        return self.desk(Projects)
