"""What can go wrong, first by whose fault it is, each kind with a stable code."""

from __future__ import annotations

from typing import ClassVar


class BillingError(Exception):
    """Something that billing refuses, with what was wrong, where, and what would be right.

    ``code`` is stable and may be used to translate or to branch; ``where`` names the value or the
    row; ``remedy`` says what would be right. The message is composed from them.
    """

    code: ClassVar[str] = "billing"

    def __init__(self, problem: str, *, where: str = "", remedy: str = "") -> None:
        """Compose the message from its three parts."""
        self.problem = problem
        self.where = where
        self.remedy = remedy
        text = f"{where}: {problem}" if where else problem
        super().__init__(f"{text} ({remedy})" if remedy else text)


class InvalidValue(BillingError, ValueError):
    """A value that cannot exist was built: fix the call."""

    code = "invalid-value"


class InexactNumber(InvalidValue):
    """A number that is not exact (a float, NaN or infinity), or too large, was offered as money or quantity."""

    code = "inexact-number"


class ForeignCurrency(InvalidValue):
    """Amounts in two currencies met in one sum."""

    code = "foreign-currency"


class InvalidSetting(InvalidValue):
    """A setting is unknown, or its value is impossible."""

    code = "invalid-setting"


class RuleViolation(BillingError):
    """The rules of billing forbid this step: tell the user."""

    code = "rule-violation"


class OverCredit(RuleViolation):
    """More was asked back than is left on what was billed."""

    code = "over-credit"


class OverAllocation(RuleViolation):
    """More was allocated than the payment holds, or than the invoice is open for."""

    code = "over-allocation"


class NotEnoughStock(RuleViolation):
    """More would leave than is on hand, on that day or on a later one."""

    code = "not-enough-stock"


class DateBeforeSeries(RuleViolation):
    """A document would be dated before the last one of its series."""

    code = "date-before-series"


class RefusedOpening(RuleViolation):
    """Opening balances do not add up, or say what cannot be; ``problems`` holds everything that is wrong."""

    code = "refused-opening"

    def __init__(self, problem: str, *, where: str = "", problems: tuple[object, ...] = ()) -> None:
        """Keep the whole list beside the message."""
        self.problems = problems
        super().__init__(problem, where=where, remedy="put everything right that is in problems")


class RefusedDocument(RuleViolation):
    """A document lacks what a form of it wants, or says what the form cannot carry; ``problems`` holds all of it."""

    code = "refused-document"

    def __init__(self, problem: str, *, where: str = "", remedy: str = "", problems: tuple[str, ...] = ()) -> None:
        """Keep the whole list beside the message."""
        self.problems = problems
        super().__init__(problem, where=where, remedy=remedy)


class OutdatedSchema(RuleViolation):
    """The tables in the database are older than this program: upgrade them first."""

    code = "outdated-schema"


class NewerSchema(RuleViolation):
    """The tables in the database are newer than this program, which must not write in them."""

    code = "newer-schema"


class NotFound(BillingError, LookupError):
    """There is no such client, document or record."""

    code = "not-found"


class Conflict(BillingError):
    """Somebody changed it first, or the same id stands for something else: read again and retry."""

    code = "conflict"


class OutdatedDraft(Conflict):
    """The draft no longer says what is owed; ``gone`` and ``new`` hold the lines that differ."""

    code = "outdated-draft"

    def __init__(self, problem: str, *, gone: tuple[object, ...] = (), new: tuple[object, ...] = ()) -> None:
        """Keep the difference beside the message."""
        self.gone = gone
        self.new = new
        super().__init__(problem, remedy="preview again and look at the difference")


class AdapterFailure(BillingError):
    """Something outside failed (a database, a mail server, a renderer); ``__cause__`` is the original."""

    code = "adapter-failure"

    def __init__(self, problem: str, *, where: str = "", remedy: str = "", retryable: bool = False) -> None:
        """Say whether trying again can help."""
        self.retryable = retryable
        super().__init__(problem, where=where, remedy=remedy)
