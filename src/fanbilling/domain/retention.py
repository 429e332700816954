"""Retention: how long the law wants the books kept, as dated data with its source."""

from __future__ import annotations

from datetime import date

import attrs

from .dated import EVER, Dated
from .errors import InvalidValue, NotFound


@attrs.frozen(kw_only=True)
class Retention:
    """For how many years after its financial year something is kept, and which law wants that.

    Args:
        law: the law and its article, as whoever asks for erasure may read it.
        year_end: month and day on which financial years end.

    Raises:
        InvalidValue: for less than nothing, no law, or a day that some years do not have.
    """

    years: int
    law: str
    year_end: tuple[int, int] = (12, 31)

    def __attrs_post_init__(self) -> None:
        """Refuse what says nothing."""
        if self.years < 0 or not self.law.strip():
            raise InvalidValue("a retention needs years and a law", where="retention", remedy="name both")
        try:
            date(2023, *self.year_end)
        except ValueError:
            raise InvalidValue(
                f"{self.year_end} is no last day of a year", where="retention", remedy="write (month, day): (12, 31)"
            ) from None

    def until(self, day: date) -> date:
        """Return the last day on which something of a day is to be kept: so many years after its financial year."""
        ends = date(day.year, *self.year_end)
        return ends.replace(year=ends.year + self.years + (day > ends))


#: How long books are kept, per country, by the day of what is in them.
#: Source: Algemene wet inzake rijksbelastingen art. 52(4): seven years. They begin where the data no longer belong to
#: the running year (Besluit fiscaal bestuursrecht 2017, par. 20.1); sales and debtors' books are among what is kept.
RETENTION: dict[str, Dated[Retention]] = {
    "NL": Dated(((EVER, Retention(years=7, law="Algemene wet inzake rijksbelastingen, article 52(4)")),)),
}

#: How long what concerns immovable property is kept; the host says when that is so.
#: Source: Wet op de omzetbelasting 1968 art. 34a: nine years after the year in which it was first used.
IMMOVABLE: dict[str, Dated[Retention]] = {
    "NL": Dated(((EVER, Retention(years=9, law="Wet op de omzetbelasting 1968, article 34a")),)),
}


def retention(country: str, day: date) -> Retention:
    """Return how long a country wants something of a day kept.

    Raises:
        NotFound: when that is not known of the country.
    """
    if country not in RETENTION:
        raise NotFound(
            f"how long books are kept in {country} is not known here",
            where="retention",
            remedy='say it: retention=Retention(years=…, law="…")',
        )
    known = RETENTION[country]
    return known.get(day, known.steps[0][1])
