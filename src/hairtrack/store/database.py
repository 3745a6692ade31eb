"""The database under the catalogue: SQLite in one file, or PostgreSQL by its address.

On both, one transaction writes at a time and takes its lock at its start
(``BEGIN IMMEDIATE``; an advisory lock), is on disk when it is committed, and a
reading transaction sees one state throughout.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.store.files import PRIVATE_FILE, explain

BUSY_SECONDS = 60.0

_LITTLE = 65_536
"""Bytes free on a disk below which trouble with writing means that it is full: SQLite makes
a file of 32 kB beside its own."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")


class Database:
    """One database, with its two kinds of transaction. It may be shared by threads.

    Parameters
    ----------
    address : Path or str
        An SQLite file, or an address such as ``postgresql://host/name``.
    check : callable, optional
        Called when the first writing transaction begins; returns what is damaged.

    Raises
    ------
    LibraryError
        The address holds a password, or the driver is not installed.
    """

    def __init__(
        self, address: Path | str, *, check: Callable[[sa.Connection], str] | None = None
    ) -> None:
        self.address = address
        self._check = check
        self._name = str(address)
        if is_server(address):
            url = _server_url(str(address))
            self.address = url.render_as_string()
            self._name = f"{url.host or 'localhost'}/{url.database}"
            self.engine = _server_engine(url)
        else:
            self.address = Path(address)
            self.engine = _file_engine(self.address)
            self._frozen = sa.create_engine(
                "sqlite://",
                creator=lambda: _open_frozen(Path(address)),
                poolclass=sa.NullPool,
            )

    @property
    def path(self) -> Path:
        """The SQLite file.

        Raises
        ------
        LibraryError
            The catalogue lies in PostgreSQL.
        """
        if isinstance(self.address, Path):
            return self.address
        raise LibraryError(
            "The catalogue of this library lies in PostgreSQL ({name}), not in "
            "a file; the tools of PostgreSQL (pg_dump) back it up.",
            name=self._name,
        )

    @classmethod
    def make(cls, address: Path | str) -> Database:
        """Make the file, private; on a server a schema of its own for this library."""
        database = cls(address)
        if isinstance(database.address, Path):
            if not database.address.exists():
                os.close(os.open(database.address, os.O_CREAT | os.O_WRONLY, PRIVATE_FILE))
            return database
        url = sa.make_url(database.address)
        if "options" in url.query:
            return database
        name = f"hairtrack_{uuid.uuid4().hex}"
        with database.writing() as connection:
            connection.execute(sa.schema.CreateSchema(name))
        database.close()
        url = url.update_query_dict({"options": f"-csearch_path={name}"})
        return cls(url.render_as_string())

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Begin a transaction that holds the write lock; commit at its end.

        Raises
        ------
        LibraryError
            The database cannot be used; one plain sentence.
        """
        with self.plain_errors(), self.engine.begin() as connection:
            self._look(connection)
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Begin a transaction that sees one state and changes nothing.

        It also works on a disk that is full or can only be read.

        Raises
        ------
        LibraryError
            The database cannot be used; one plain sentence.
        """
        with self.plain_errors(), self._connect() as connection:
            yield connection.execution_options(hairtrack_reads=True)

    def check(self) -> None:
        """Make sure, once, that the database is sound, before files are changed.

        Raises
        ------
        LibraryError
            It is damaged.
        """
        if self._check is not None:
            with self.reading() as connection:
                self._look(connection)

    def _look(self, connection: sa.Connection) -> None:
        if self._check is not None and (told := self._check(connection)):
            raise _damaged(self._name, told)
        self._check = None

    def _connect(self) -> sa.Connection:
        try:
            return self.engine.connect()
        except sa.exc.OperationalError as error:
            if not isinstance(self.address, Path) or not _cannot_write(error):
                raise
            return self._frozen.connect()

    def copy_to(self, target: Path) -> None:
        """Write the database, as it is at one moment, into one new file.

        Others may write meanwhile.

        References
        ----------
        https://www.sqlite.org/backup.html

        Raises
        ------
        LibraryError
            It cannot be read, is damaged, or does not lie in a file.
        """
        name = str(self.path)
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
        with (
            self.plain_errors(),
            self._connect() as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            driver = source.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE").close()
            (said,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
        if said != "ok":
            raise _damaged(name, said)

    def scrub(self) -> bool:
        """Drop what deleted rows left behind: empty the log of SQLite, then VACUUM.

        Returns
        -------
        bool
            False where another program that has the library open was in the way.

        Raises
        ------
        LibraryError
            The database cannot be used.
        """
        with self.plain_errors():
            if isinstance(self.address, Path):
                return _scrub_file(self.address)
            with self.engine.connect() as connection:
                raw = connection.execution_options(isolation_level="AUTOCOMMIT")
                for table in sa.inspect(raw).get_table_names():
                    raw.exec_driver_sql(f'VACUUM (FULL, ANALYZE) "{table}"')
        return True

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    @contextmanager
    def plain_errors(self) -> Iterator[None]:
        """Turn trouble with the database into a sentence; a broken rule is a bug."""
        try:
            yield
        except sa.exc.IntegrityError:
            raise
        except (sa.exc.DatabaseError, sqlite3.DatabaseError) as error:
            told = str(getattr(error, "orig", error)).strip() or repr(error)
            if isinstance(self.address, Path):
                if _primary_code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                    raise _damaged(self._name, told) from error
                if _cannot_write(error) and (number := _why_not(self.address)):
                    known = OSError(number, told)
                    raise LibraryError(explain(known, self.address)) from error
            raise LibraryError(
                "The catalogue {name} cannot be used: {value}.",
                name=self._name,
                value=told.splitlines()[0],
            ) from error


def _damaged(name: str, told: str) -> LibraryError:
    """Return the error for a damaged database, with what to do."""
    return LibraryError(
        "The catalogue {name} is damaged ({told}); nothing was written. Restore a backup, "
        "or rebuild the library with `hairtrack salvage`.",
        name=name,
        told=told,
    )


def is_server(address: Path | str) -> bool:
    """Say whether an address is that of a PostgreSQL server."""
    return isinstance(address, str) and address.startswith("postgresql")


def _server_url(address: str) -> sa.URL:
    url = sa.make_url(address).set(drivername="postgresql+psycopg")
    if url.password is not None:
        raise LibraryError(
            "The address of the catalogue holds a password, and it would be "
            "kept in the library; put the password into ~/.pgpass instead."
        )
    return url


def _server_engine(url: sa.URL) -> sa.Engine:
    try:
        engine = sa.create_engine(url)
    except ModuleNotFoundError as error:
        raise LibraryError(
            "For a catalogue in PostgreSQL install the extra: pip install "
            "'hairtrack[postgres]'."
        ) from error

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        if connection.get_isolation_level() == "AUTOCOMMIT":
            return
        if connection.get_execution_options().get("hairtrack_reads", False):
            connection.exec_driver_sql(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
            )
        else:
            connection.exec_driver_sql(
                "SELECT pg_advisory_xact_lock(hashtext(current_schema()))"
            )

    return engine


def _file_engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_SECONDS}
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        reads = connection.get_execution_options().get("hairtrack_reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _primary_code(error: Exception) -> int:
    """Return SQLite's code of an error without its details, 0 for another error."""
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", 0)
    return int(code) & 0xFF


def _cannot_write(error: Exception) -> bool:
    """Tell whether SQLite could not write, as on a full or protected disk."""
    codes = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR}
    return _primary_code(error) in codes | {sqlite3.SQLITE_CANTOPEN}


def _why_not(path: Path) -> int:
    """Return the error number of a full or protected disk, 0 for another one."""
    folder = path.parent
    if not folder.is_dir():
        return 0
    if shutil.disk_usage(folder).free < _LITTLE:
        return errno.ENOSPC
    return 0 if os.access(folder, os.W_OK) else errno.EROFS


def _open_frozen(path: Path) -> sqlite3.Connection:
    """Open a file beside which SQLite can write nothing, and which nobody else writes.

    What a killed process left in the write-ahead log is read from a copy in memory.
    """
    log = path.with_name(f"{path.name}-wal")
    if not log.exists() or log.stat().st_size == 0:
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, check_same_thread=False)
    memory = sqlite3.connect(":memory:", check_same_thread=False)
    with tempfile.TemporaryDirectory(prefix="hairtrack-") as folder:
        for one in (path, log):
            shutil.copy(one, folder)
        with closing(sqlite3.connect(Path(folder) / path.name)) as copy:
            copy.backup(memory)
    return memory


def _scrub_file(path: Path) -> bool:
    with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON").close()
        try:
            connection.execute("VACUUM").close()
            (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                return False
            raise
    return not busy
