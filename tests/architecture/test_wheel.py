"""The package under test has every file of the tree: templates, fonts and samples travel with it."""

from pathlib import Path

from tests.architecture.tree import PACKAGE, REPOSITORY


def files(folder: Path) -> set[str]:
    """The files below a folder, without what Python leaves behind."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(folder).as_posix() for path in found}


def test_the_installed_package_has_every_file_of_the_tree():
    assert "py.typed" in files(PACKAGE)
    assert files(REPOSITORY / "src" / "fanbilling") == files(PACKAGE)
