"""A demonstration left by another version is known, and made again instead of answering errors."""

import pytest

from portal.preparation import is_of_another_version, keep_schema


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "db.sqlite3"
    path.write_text("data")
    return path


def test_a_first_start_has_nothing_to_make_again(tmp_path):
    assert not is_of_another_version(tmp_path / "db.sqlite3")


def test_the_database_of_this_version_is_kept(database):
    keep_schema(database)
    assert not is_of_another_version(database)


@pytest.mark.parametrize("version", ["", "another version"])
def test_the_database_of_another_version_is_known(database, version):
    if version:
        database.with_name("db.sqlite3.schema").write_text(version)
    assert is_of_another_version(database)
