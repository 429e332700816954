"""Documents in the database of the books: kept or undone with everything else, on every host of one."""

from __future__ import annotations

from contextlib import suppress

import pytest

from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.adapters.storage.sql import SqlDocumentStore
from fanbilling.domain.errors import Conflict, InvalidSetting, NotFound
from fanbilling.office import joined
from fanbilling.testing.contracts.keeping import DOCUMENTS, PDF
from tests.desks.worlds import office
from tests.stores import STORES


@pytest.fixture(params=[store for store in STORES if store != "memory"])
def books(request):
    with STORES[request.param](office()) as opened:
        yield opened


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_is_kept_in_one_transaction_is_read_in_another(books, document):
    documents = SqlDocumentStore(books)
    documents.keep("k", DOCUMENTS[document])
    documents.keep("k", DOCUMENTS[document])
    assert documents.fetch("k") == DOCUMENTS[document]
    with pytest.raises(Conflict):
        documents.keep("k", DOCUMENTS["a text with both kinds of line ends" if document == "a PDF" else "a PDF"])
    assert documents.fetch("k") == DOCUMENTS[document]


class Undone(Exception):
    pass


def test_what_is_undone_is_not_kept(books):
    with suppress(Undone), books() as store:
        store.rendered.keep("k", PDF)
        assert store.rendered.fetch("k") == PDF
        raise Undone
    with pytest.raises(NotFound):
        SqlDocumentStore(books).fetch("k")


def test_inside_a_transaction_of_the_host_it_is_kept_with_the_rest(books):
    with suppress(Undone), books() as store:
        documents = SqlDocumentStore(joined(store))
        documents.keep("k", PDF)
        with pytest.raises(Conflict):
            documents.keep("k", DOCUMENTS["nothing at all"])
        assert documents.fetch("k") == PDF  # the refusal undid nothing else
        raise Undone
    with pytest.raises(NotFound):
        SqlDocumentStore(books).fetch("k")


def test_books_in_memory_say_where_documents_can_be_kept():
    with pytest.raises(InvalidSetting, match="in a folder"):
        SqlDocumentStore(MemoryBooks()).keep("k", PDF)
