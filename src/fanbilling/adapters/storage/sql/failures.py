"""What a database refuses, in the words of billing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ....domain.errors import AdapterFailure, BillingError, Conflict, InvalidValue, RuleViolation
from .databases.backend import Backend

_DRIVERS = ("sqlite3", "psycopg")


@contextmanager
def translating(where: str, backend: Backend) -> Iterator[None]:
    """Say in the words of billing what a database did not do.

    Raises:
        Conflict: when a key is taken.
        RuleViolation: when it would change what is sealed.
        InvalidValue: for a value that no column can hold.
        AdapterFailure: for everything else that a database refuses; it knows whether trying again can help.
    """
    try:
        yield
    except BillingError:
        raise
    except PoolTimeout as error:
        raise AdapterFailure("no connection came free", where=where, remedy="try again", retryable=True) from error
    except (OverflowError, UnicodeEncodeError) as error:
        raise _misfit(error, where) from error
    except Exception as error:
        cause = _of_the_driver(error)
        if cause is None and isinstance(error, SQLAlchemyError):
            raise AdapterFailure(str(error), where=where) from error
        if cause is None:
            raise
        raise _told(cause, where, backend) from error


def _told(cause: BaseException, where: str, backend: Backend) -> BillingError:
    if backend.is_duplicate(cause):
        return Conflict("it is taken", where=where, remedy="read again: somebody wrote it first")
    if backend.is_forbidden(cause):
        return RuleViolation(str(cause).partition("\n")[0], where=where, remedy="what is sealed stays as it is")
    if backend.is_misfit(cause):
        return _misfit(cause, where)
    return AdapterFailure(str(cause), where=where, retryable=backend.can_pass(cause))


def _misfit(error: BaseException, where: str) -> InvalidValue:
    return InvalidValue(str(error), where=where, remedy="use whole characters and smaller numbers")


def _of_the_driver(error: BaseException | None) -> BaseException | None:
    """Return what the driver said, below what the host's library made of it; a driver's root is called ``Error``."""
    found = None
    while error is not None:
        if any(cls.__name__ == "Error" and cls.__module__.startswith(_DRIVERS) for cls in type(error).__mro__):
            found = error
        error = getattr(error, "orig", None) or error.__cause__
    return found
