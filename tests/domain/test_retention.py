"""How long the law wants the books kept: dated data with a source, and the last day of it by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanbilling.domain.dated import EVER
from fanbilling.domain.errors import InvalidValue, NotFound
from fanbilling.domain.retention import IMMOVABLE, RETENTION, Retention, retention


@pytest.mark.parametrize(
    ("day", "year_end", "until"),
    [
        (date(2026, 1, 1), (12, 31), date(2033, 12, 31)),  # the year ends on 31 December 2026; seven years later
        (date(2026, 12, 31), (12, 31), date(2033, 12, 31)),  # its last day is still of that year
        (date(2026, 6, 30), (6, 30), date(2033, 6, 30)),  # the last day of 2025/26
        (date(2026, 7, 1), (6, 30), date(2034, 6, 30)),  # the first day of 2026/27, which ends in 2027
        (date(2024, 2, 29), (2, 28), date(2032, 2, 28)),  # a day after the year that ended on 28 February 2024
    ],
)
def test_it_is_kept_until_so_many_years_after_its_financial_year(day, year_end, until):
    assert Retention(years=7, law="a law", year_end=year_end).until(day) == until


DAYS = st.dates(date(1990, 1, 1), date(2200, 12, 31))


@given(DAYS, DAYS, st.dates(date(2023, 1, 1), date(2023, 12, 31)))
def test_what_is_younger_is_never_kept_shorter(one, two, end):
    """So the youngest of all that is kept decides; and seven whole years always pass."""
    rule = Retention(years=7, law="a law", year_end=(end.month, end.day))
    first, last = sorted((one, two))
    assert rule.until(first) <= rule.until(last)
    assert 7 * 365 <= (rule.until(first) - first).days <= 8 * 366


@pytest.mark.parametrize("data", [RETENTION, IMMOVABLE], ids=["books", "immovable"])
def test_the_data_has_no_gap_and_names_its_law(data):
    """`Dated` refuses days out of order; the first holds from the first day that these books can know."""
    assert "NL" in data
    for country, history in data.items():
        assert len(country) == 2
        assert history.days[0] == EVER
        assert all(rule.years > 0 and "article" in rule.law for _, rule in history.steps)


def test_dutch_books_are_kept_seven_years():
    rule = retention("NL", date(2026, 3, 1))
    assert (rule.years, rule.law) == (7, "Algemene wet inzake rijksbelastingen, article 52(4)")
    assert retention("NL", date(1950, 1, 1)) == RETENTION["NL"].steps[0][1]


def test_of_another_country_it_has_to_be_said():
    with pytest.raises(NotFound, match="how long books are kept in XX is not known here") as refused:
        retention("XX", date(2026, 3, 1))
    assert refused.value.remedy == 'say it: retention=Retention(years=…, law="…")'


@pytest.mark.parametrize(
    "wrong", [{"years": -1, "law": "a law"}, {"years": 7, "law": " "}, {"years": 7, "law": "a", "year_end": (2, 29)}]
)
def test_a_retention_that_says_nothing_is_refused(wrong):
    with pytest.raises(InvalidValue):
        Retention(**wrong)
