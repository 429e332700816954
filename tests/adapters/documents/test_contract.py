"""Every document store keeps the contract of one."""

from __future__ import annotations

import pytest

from fanbilling.adapters.documents.folder import FolderDocuments
from fanbilling.adapters.storage.sql import SqlBooks, SqlDocumentStore
from fanbilling.testing.contracts import DocumentStoreContract
from fanbilling.testing.contracts.keeping import PDF
from tests.adapters.storage.museums import ask
from tests.postgres import fresh


class TestFolder(DocumentStoreContract):
    @pytest.fixture
    def new_documents(self, tmp_path):
        return lambda: FolderDocuments(tmp_path / "sent")

    @pytest.fixture
    def spoil(self, tmp_path):
        def spoil(key):
            [place] = (tmp_path / "sent").glob(f"{key}-*.pdf")
            place.write_bytes(PDF.content[:-1] + b"\x01")

        return spoil


class TestSqlite(DocumentStoreContract):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path}/books.db"

    @pytest.fixture
    def new_documents(self, url):
        opened = []

        def another():
            opened.append(SqlBooks(url))
            return SqlDocumentStore(opened[-1])

        another()
        opened[0].create()
        yield another
        for books in opened:
            books.close()

    @pytest.fixture
    def spoil(self, url):
        def spoil(key):
            books = SqlBooks(url)
            with books() as store:
                ending = "X'01'" if url.startswith("sqlite") else "'\\x01'::bytea"
                text = f"update fb_rendered set content = {ending} where id = '{key}'"
                assert store._database.transaction.change(text, [()]) == 1
            books.close()

        return spoil


class TestPostgresql(TestSqlite):
    @pytest.fixture
    def url(self, pg_server):
        with fresh(pg_server) as url:
            yield url


def test_the_same_database_has_another_place_for_another_administration(tmp_path):
    url = f"sqlite:///{tmp_path}/books.db"
    ours, theirs = SqlBooks(url, "nl"), SqlBooks(url, "be")
    SqlDocumentStore(ours).keep("k", PDF)
    with pytest.raises(LookupError):
        SqlDocumentStore(theirs).fetch("k")
    SqlDocumentStore(theirs).keep("k", PDF)
    assert ask(url, "select administration from fb_rendered order by 1") == [("be",), ("nl",)]
    ours.close()
    theirs.close()
