"""The store itself: durable settings, private files, versions, several processes at once, errors that tell nothing."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from chatbot.dialogue.ports import ContactRequest
from chatbot.errors import StorageError
from chatbot.storage import schema
from chatbot.storage.contacts import contact_requests, submit
from chatbot.storage.store import database_url, open_store

REQUEST = ContactRequest("Jeanne Petit", "jeanne@exemple.fr", "", "Bonjour")


def test_store_is_empty_at_first(store):
    assert contact_requests(store) == ()


def test_store_keeps_what_was_written_for_the_next_process(store, opened):
    reference = submit(store, REQUEST)
    store.close()
    assert [request.reference for request in contact_requests(opened())] == [reference]


def test_block_that_fails_leaves_nothing_behind(store):
    def write_and_fail() -> None:
        with store.writing() as connection:
            connection.execute(schema.conversations.insert().values(id="a", state="{}", version=1, updated_at=1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with store.reading() as connection:
        assert connection.execute(schema.conversations.select()).all() == []


def test_opening_twice_keeps_one_version_row(opened):
    opened()
    with opened().reading() as connection:
        assert connection.execute(schema.schema_version.select()).all() == [(schema.VERSION,)]


def test_database_of_a_later_version_is_refused(store, opened):
    with store.writing() as connection:
        connection.execute(schema.schema_version.update().values(version=schema.VERSION + 1))
    with pytest.raises(StorageError, match="mettez-le à jour"):
        opened()


def test_migrations_run_once_and_in_order(store, opened, monkeypatch):
    ran: list[int] = []
    steps = {number: (lambda _, number=number: ran.append(number)) for number in (2, 3)}
    monkeypatch.setattr(schema, "MIGRATIONS", steps)
    monkeypatch.setattr(schema, "VERSION", 3)
    opened()
    opened()
    assert ran == [2, 3]


def test_many_processes_may_open_a_new_database_at_once(database):
    code = "import sys; from chatbot.storage.store import open_store; open_store(sys.argv[1]).close()"
    started = [subprocess.Popen([sys.executable, "-c", code, database]) for _ in range(6)]
    assert [process.wait(timeout=60) for process in started] == [0] * 6


def test_many_threads_write_without_loss(store):
    with ThreadPoolExecutor(8) as pool:
        references = set(pool.map(lambda _: submit(store, REQUEST), range(40)))
    assert {request.reference for request in contact_requests(store)} == references
    assert len(references) == 40


def test_reading_sees_one_moment_while_others_write(store, opened):
    other = opened()
    with store.reading() as connection:
        before = connection.execute(schema.requests.select()).all()
        submit(other, REQUEST)
        if store.engine.dialect.name == "sqlite":
            assert connection.execute(schema.requests.select()).all() == before


@pytest.mark.parametrize("again", [False, True])
def test_sqlite_file_deleted_under_us_takes_no_more_requests(tmp_path, again):
    path = tmp_path / "a.db"
    store = open_store(str(path))
    for file in tmp_path.glob("a.db*"):
        file.unlink()
    if again:
        open_store(str(path)).close()
    with pytest.raises(StorageError, match=r"disparu|remplacé"), store.writing():
        pass
    store.close()


def test_sqlite_commits_are_on_disk_when_they_return(tmp_path):
    store = open_store(str(tmp_path / "a.db"))
    with store.reading() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("synchronous", "journal_mode")
        }
    store.close()
    assert settings == {"synchronous": 2, "journal_mode": "wal"}


def test_sqlite_files_are_readable_by_their_owner_alone(tmp_path):
    store = open_store(str(tmp_path / "new" / "a.db"))
    submit(store, REQUEST)
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").iterdir()}
    folder = stat.S_IMODE((tmp_path / "new").stat().st_mode)
    store.close()
    assert set(files) == {"a.db", "a.db-wal", "a.db-shm"}
    assert (set(files.values()), folder) == ({0o600}, 0o700)


def test_sqlite_file_open_to_others_is_closed_to_them(tmp_path):
    path = tmp_path / "a.db"
    path.touch(mode=0o644)
    open_store(str(path)).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("postgres://u:p@h/d", "postgresql+psycopg"),
        ("sqlite:////tmp/x.db", "sqlite"),
        ("un fichier.db", "sqlite"),
    ],
)
def test_database_url_names_the_driver(url, driver):
    assert database_url(url).drivername == driver


def test_database_is_in_the_platforms_data_folder_by_default(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Path(str(database_url().database)).is_relative_to(tmp_path)


@pytest.mark.parametrize(
    "url", ["mysql://a/b", "sqlite://", "sqlite:///:memory:", "://", "postgresql://u:secret@h:x/d"]
)
def test_database_url_that_makes_no_sense_is_refused_without_its_password(url):
    with pytest.raises(StorageError) as caught:
        database_url(url)
    assert "secret" not in str(caught.value)


def test_unreachable_database_is_a_storage_error_without_the_password():
    with pytest.raises(StorageError) as caught:
        open_store("postgresql://robot:s3cret@127.0.0.1:1/rien")
    assert "s3cret" not in str(caught.value)


def test_folder_instead_of_a_file_is_a_storage_error(tmp_path):
    with pytest.raises(StorageError):
        open_store(str(tmp_path))


def test_file_that_is_no_database_is_a_storage_error(tmp_path):
    path = tmp_path / "a.db"
    path.write_text("ceci n'est pas une base" * 100)
    path.chmod(0o644)
    with pytest.raises(StorageError, match="n'est pas une base SQLite"):
        open_store(str(path))
    assert path.stat().st_mode & 0o777 == 0o644


def test_errors_do_not_carry_what_was_being_written(store):
    with pytest.raises(StorageError) as caught, store.writing() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:x)"), {"x": "4970 1000 0000 0007"})
    error = caught.value
    assert "4970" not in f"{error}{error.__cause__}"


def test_writer_waits_for_another_one(tmp_path):
    path = tmp_path / "a.db"
    store = open_store(str(path))
    blocker = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    blocker.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(submit, store, REQUEST)
        with pytest.raises(TimeoutError):
            pending.result(timeout=0.3)
        blocker.execute("COMMIT")
        assert pending.result(timeout=10)
    blocker.close()
    store.close()
