"""The database under the catalogue: SQLite in one file, or PostgreSQL by its address.

On both, one transaction writes at a time and takes its lock at its start
(``BEGIN IMMEDIATE``; an advisory lock), is on disk when it is committed, and a
reading transaction sees one state throughout.
"""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.store.files import PRIVATE_FILE

BUSY_SECONDS = 60.0

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")


class Database:
    """One database, with its two kinds of transaction. It may be shared by threads.

    Parameters
    ----------
    address : Path or str
        An SQLite file, or an address such as ``postgresql://host/name``.

    Raises
    ------
    LibraryError
        The address holds a password, or the driver is not installed.
    """

    def __init__(self, address: Path | str) -> None:
        self.address = address
        self._name = str(address)
        if is_server(address):
            url = _server_url(str(address))
            self.address = url.render_as_string()
            self._name = f"{url.host or 'localhost'}/{url.database}"
            self.engine = _server_engine(url)
        else:
            self.address = Path(address)
            self.engine = _file_engine(self.address)

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
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Begin a transaction that sees one state and changes nothing.

        Raises
        ------
        LibraryError
            The database cannot be used; one plain sentence.
        """
        with self.plain_errors(), self.engine.connect() as connection:
            yield connection.execution_options(hairtrack_reads=True)

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
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
        try:
            with (
                closing(sqlite3.connect(self.path)) as source,
                closing(sqlite3.connect(target)) as copy,
            ):
                source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE").close()
                (said,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.Error as error:
            raise LibraryError(
                "The catalogue cannot be copied: {error}.", error=error
            ) from error
        if said != "ok":
            raise LibraryError(
                "The catalogue of this library is damaged: `hairtrack verify` says where."
            )

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
            raise LibraryError(
                "The catalogue {name} cannot be used: {value}.",
                name=self._name,
                value=told.splitlines()[0],
            ) from error


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
