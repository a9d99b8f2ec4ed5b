"""A SQL database, by any DB-API driver (PEP 249) or SQLAlchemy: no dependency."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from . import shared

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine
    from typing_extensions import Self

__all__ = ["SqlStore"]


class Connection(Protocol):
    """What is needed of a DB-API connection."""

    def cursor(self) -> Any: ...
    def commit(self) -> object: ...
    def rollback(self) -> object: ...
    def close(self) -> object: ...


class SqlStore:
    """Keeps each record in a row of the table `nnopen_token`. `create` makes the table.

    `connect` gives a new connection, or one of a pool: it is closed after each use. `paramstyle` is that of the driver's
    module: `SqlStore(lambda: sqlite3.connect("tokens.db"), sqlite3.paramstyle)`. Connect to the primary, not to a replica.
    """

    def __init__(self, connect: Callable[[], Connection], paramstyle: str) -> None:
        self._connect = connect
        create, load, update, insert = (part.strip() for part in _statements())
        self._create = create
        self._load, self._update, self._insert = (_Statement(text, paramstyle) for text in (load, update, insert))

    @classmethod
    def of_engine(cls, engine: Engine) -> Self:
        """With the connections of an engine of SQLAlchemy."""
        return cls(engine.raw_connection, engine.dialect.paramstyle)

    def create(self, bytes_type: str = "BLOB") -> None:
        """Makes the table if it is not there. PostgreSQL needs `bytes_type="BYTEA"`."""
        statement = _Statement(re.sub(r"\bBLOB\b", bytes_type, self._create), "")
        self._run(lambda cursor: statement.run(cursor))

    def load(self, key: str) -> tuple[int, bytes]:
        def load(cursor: Any) -> Any:
            self._load.run(cursor, name=key)
            return cursor.fetchone()

        row = self._run(load)
        return (0, b"") if row is None else (int(row[0]), bytes(row[1]))

    def swap(self, key: str, version: int, data: bytes) -> bool:
        if version:
            return self._changes(self._update, name=key, version=version, bytes=data)
        try:
            return self._changes(self._insert, name=key, bytes=data)
        except Exception:
            # Drivers name this fault differently: what counts is whether somebody else was quicker.
            if self.load(key)[0] == 0:
                raise
            return False

    def __repr__(self) -> str:
        return "<nnopen.SqlStore>"

    def _changes(self, statement: _Statement, **params: object) -> bool:
        def change(cursor: Any) -> bool:
            statement.run(cursor, **params)
            return int(cursor.rowcount) == 1

        return bool(self._run(change))

    def _run(self, work: Callable[[Any], Any]) -> Any:
        connection = self._connect()
        try:
            cursor = connection.cursor()
            try:
                done = work(cursor)
            finally:
                cursor.close()
            connection.commit()
            return done
        except BaseException:
            connection.rollback()
            raise
        finally:
            connection.close()


class _Statement:
    """A statement with `:name` params, written as the driver wants them."""

    def __init__(self, text: str, paramstyle: str) -> None:
        self.names: list[str] = []
        self.paramstyle = paramstyle
        self.text = re.sub(r":(\w+)", lambda name: self._mark(name[1]), text)

    def _mark(self, name: str) -> str:
        self.names.append(name)
        marks = {
            "": name,
            "named": f":{name}",
            "pyformat": f"%({name})s",
            "format": "%s",
            "qmark": "?",
            "numeric": f":{len(self.names)}",
        }
        if self.paramstyle not in marks:
            raise ValueError(f"paramstyle {self.paramstyle!r}: it must be one of PEP 249")
        return marks[self.paramstyle]

    def run(self, cursor: Any, **params: object) -> None:
        if self.paramstyle in ("named", "pyformat"):
            cursor.execute(self.text, {name: params[name] for name in self.names})
        elif self.names:
            cursor.execute(self.text, [params[name] for name in self.names])
        else:
            cursor.execute(self.text)


def _statements() -> list[str]:
    """The table, load, swap of a record that is there, swap of the first."""
    text = re.sub(r"--.*", "", shared("schema.sql"))
    return [part for part in text.split(";") if part.strip()]
