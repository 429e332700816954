"""Payment feeds with one fault each."""

from itertools import count

import attrs

from fanbilling.adapters.payments.csv import CsvFeed
from fanbilling.domain.errors import NotFound


class Altered(CsvFeed):
    """Tells all payments, and does something to them."""

    def payments(self, after):
        told = self.altered(list(super().payments(None)))
        if after is None:
            return told
        ids = [payment.id for payment in told]
        if after not in ids:
            raise NotFound("no such payment")
        return told[ids.index(after) + 1 :]


class FloatAmounts(Altered):
    """Reads amounts as floats and puts them into money."""

    def altered(self, told):
        for payment in told:
            object.__setattr__(payment.amount, "amount", float(payment.amount.amount))
        return told


class NewestFirst(Altered):
    def altered(self, told):
        return told[::-1]


class SortsByAmount(Altered):
    """By day, and within a day by whatever the database likes."""

    def altered(self, told):
        return sorted(told, key=lambda payment: (payment.on, payment.amount.amount))


class LeavesReturnsOut(Altered):
    def altered(self, told):
        return [payment for payment in told if payment.amount.amount > 0]


class TakesEqualsForDoubles(Altered):
    """Two that are alike are one to it: a client who pays twice has paid once."""

    def altered(self, told):
        return list({attrs.evolve(payment, id="-"): payment for payment in told}.values())


class NumbersAsNumbers(Altered):
    """A reference of digits loses its noughts, as in a spreadsheet."""

    def altered(self, told):
        return [
            attrs.evolve(payment, reference=str(int(payment.reference))) if payment.reference.isdigit() else payment
            for payment in told
        ]


class SameIdForEquals(Altered):
    """Derives its ids from what a payment says, and from nothing else."""

    def altered(self, told):
        return [attrs.evolve(p, id=f"{p.on}-{p.amount}-{p.payer or 'x'}".replace(" ", "")) for p in told]


class CountsFromTheEnd(Altered):
    """The newest is number one, so that every id changes when more comes in."""

    def altered(self, told):
        return [attrs.evolve(payment, id=f"n{len(told) - place}") for place, payment in enumerate(told)]


class DrawsIds(Altered):
    drawn = count()

    def altered(self, told):
        return [attrs.evolve(payment, id=f"n{next(self.drawn)}") for payment in told]


class ReadsOnce(CsvFeed):
    """What was read is gone, as with an open file."""

    def payments(self, after):
        if "read" in vars(self):
            return []
        vars(self)["read"] = True
        return super().payments(after)


class BeginsWithTheLast(CsvFeed):
    """Goes on with the one that was taken, instead of after it."""

    def payments(self, after):
        told = list(super().payments(None))
        rest = list(super().payments(after))
        return told[len(told) - len(rest) - 1 :] if after else told


class BeginsAgain(CsvFeed):
    """Takes a last one that it does not know for the beginning."""

    def payments(self, after):
        try:
            return super().payments(after)
        except NotFound:
            return super().payments(None)


class NothingAfterTheUnknown(CsvFeed):
    def payments(self, after):
        try:
            return super().payments(after)
        except NotFound:
            return []
