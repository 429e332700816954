"""Every mailer keeps the contract of one."""

from datetime import date

import pytest

from fanbilling.adapters.mail.folder import FolderMailer
from fanbilling.testing.contracts import MailerContract
from fanbilling.testing.contracts.mailing import read

ON = date(2026, 3, 2)


class TestFolder(MailerContract):
    @pytest.fixture
    def mailer(self, tmp_path):
        return FolderMailer(tmp_path / "box", ON)

    @pytest.fixture
    def arrived(self, tmp_path):
        return lambda: [read(path.read_bytes()) for path in sorted((tmp_path / "box").glob("*"))]

    @pytest.fixture
    def cut_off(self, tmp_path):
        """A disk that is full: everything was written, and could not be kept."""
        return FullDisk(tmp_path / "box", ON)


class FullDisk(FolderMailer):
    def send(self, letter, *, key):
        def full(_handle):
            raise OSError(28, "No space left on device")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("os.fsync", full)
            return super().send(letter, key=key)


class TestFolderThatCannotBeMade(TestFolder):
    @pytest.fixture
    def cut_off(self, tmp_path):
        (tmp_path / "file").write_text("a file stands where the folder should be")
        return FolderMailer(tmp_path / "file", ON)
