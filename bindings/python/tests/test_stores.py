"""Where the token is kept."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from common import QUERY, SECRET, shown, token_calls
from conftest import ROOT, VECTORS

from nnopen import Client, FileStore, InputError, Load, MemoryStore, PlatformError, Request, Session, Swap, TransportError
from nnopen._causes import bare
from nnopen.stores.local import default_folder
from nnopen.testing import Simulator
from nnopen.transports import StdlibTransport


class Failing(MemoryStore):
    """A store that is down, for so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def load(self, key: str) -> tuple[int, bytes]:
        self.times -= 1
        if self.times >= 0:
            raise OSError("the store is down")
        return super().load(key)


def test_a_store_that_fails_ends_a_call_before_anything_was_sent(simulator: Simulator) -> None:
    client = simulator.client(store=Failing(10**6))
    with pytest.raises(TransportError) as caught:
        client.sign_in()
    assert isinstance(caught.value.__cause__, OSError) and token_calls(simulator) == 0


def test_a_store_that_recovers_is_used(simulator: Simulator) -> None:
    client = simulator.client(store=Failing(1))
    with pytest.raises(TransportError):
        client.sign_in()
    assert client.sign_in().expires_at is not None and token_calls(simulator) == 1


def test_the_token_call_is_in_the_store_before_it_leaves(simulator: Simulator, tmp_path: Path) -> None:
    store, noted = FileStore(tmp_path), []

    class Looking(StdlibTransport):
        def send(self, request: Any, /) -> tuple[int, bytes]:
            noted.append(len(json.loads(store.load(client.session.store_key)[1])["fetched"]))
            return super().send(request)

    client = simulator.client(store=store, transport=Looking())
    client.sign_in()
    assert noted == [1]


def test_a_record_of_somebody_else_is_refused_and_left(simulator: Simulator, tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    client = simulator.client(store=store)
    for data in (b"{}", b"no JSON", b"\xff"):
        version = store.load(client.session.store_key)[0]
        assert store.swap(client.session.store_key, version, data)
        with pytest.raises(InputError):
            client.sign_in()
        assert store.load(client.session.store_key)[1] == data
    (tmp_path / f"{client.session.store_key}.token").write_bytes(b"no version")
    with pytest.raises(TransportError):
        client.sign_in()


def test_asyncio_takes_a_store_of_either_kind(simulator: Simulator) -> None:
    class Waiting:
        def __init__(self) -> None:
            self.inner = MemoryStore()

        async def load(self, key: str) -> tuple[int, bytes]:
            await asyncio.sleep(0)
            return self.inner.load(key)

        async def swap(self, key: str, version: int, data: bytes) -> bool:
            await asyncio.sleep(0)
            return self.inner.swap(key, version, data)

    async def tell(store: Any) -> None:
        async with simulator.async_client(store=store) as client:
            await client.sign_in()

    for store in (Waiting(), MemoryStore()):
        asyncio.run(tell(store))


# The default folder


def test_the_default_folder_is_that_of_the_vectors() -> None:
    cases = json.loads((VECTORS / "default-folder.json").read_text(encoding="utf-8"))["cases"]
    assert len(cases) > 20
    for case in cases:
        assert default_folder(case["system"], case["variables"]) == case["folder"], case


def test_without_a_store_it_is_the_file_in_that_folder(simulator: Simulator, own_folder: Path) -> None:
    Client(**simulator.settings()).sign_in()
    with pytest.raises(PlatformError):
        Client(**simulator.settings()).call(QUERY, {"orderNos": ["NONE"]})
    assert token_calls(simulator) == 1
    assert sorted(path.suffix for path in own_folder.iterdir()) == [".lock", ".token"]


@pytest.mark.skipif(sys.platform == "win32", reason="a home is something else there")
def test_a_user_without_a_home_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    def unknown(user: int) -> Any:
        raise KeyError(user)

    for name in ("NNOPEN_STATE_DIR", "XDG_STATE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    settings: Any = {"app_key": "SD00000001", "app_secret": SECRET, "tax_num": "339901999999142"}
    # The home that the system knows, without any HOME.
    assert str(FileStore().folder).startswith(pwd.getpwuid(os.geteuid()).pw_dir)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    with pytest.raises(InputError, match="NNOPEN_STATE_DIR"):
        Client(**settings)
    Client(**settings, store=MemoryStore())
    Client(**settings, permanent_token="PERMANENT-1")


def test_a_folder_that_can_not_be_made_is_told_by_name(simulator: Simulator, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TransportError, match=f"{tmp_path}/file"):
        simulator.client(store=FileStore(tmp_path / "file" / "tokens")).sign_in()
    assert token_calls(simulator) == 0


# Redis and SQL


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    pytest.importorskip("redis")
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    args = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(args, stdout=subprocess.DEVNULL)
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield port
    server.terminate()
    server.wait()


def store_of(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if kind.startswith("redis"):
        port = request.getfixturevalue("redis_port")
        import redis

        from nnopen.stores import RedisStore

        client = redis.Redis(host="127.0.0.1", port=port, decode_responses=kind == "redis of texts")
        client.flushall()
        return RedisStore(client)
    from nnopen.stores import SqlStore

    database = str(tmp_path / "tokens.db")
    if kind == "sqlalchemy":
        sqlalchemy = pytest.importorskip("sqlalchemy")
        store = SqlStore.of_engine(sqlalchemy.create_engine(f"sqlite:///{database}"))
    else:
        store = SqlStore(lambda: sqlite3.connect(database), kind)
    store.create()
    store.create()
    return store


@pytest.fixture(params=["redis", "redis of texts", "sqlalchemy", "qmark", "named", "numeric", "file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if request.param == "file":
        return FileStore(tmp_path / "folder")
    return MemoryStore() if request.param == "memory" else store_of(request.param, request, tmp_path)


def test_a_store_compares_and_replaces(store: Any) -> None:
    assert store.load("k") == (0, b"")
    assert not store.swap("k", 3, b"of nothing") and store.load("k") == (0, b"")
    assert store.swap("k", 0, b"one") and store.load("k") == (1, b"one")
    assert not store.swap("k", 0, b"two") and store.load("k") == (1, b"one")
    assert store.swap("k", 1, '{"令牌": 1}'.encode() * 500) and store.load("k") == (2, '{"令牌": 1}'.encode() * 500)
    assert store.load("other") == (0, b"") and store.swap("other", 0, b"3") and store.load("k")[0] == 2
    assert "one" not in repr(store)


def test_of_many_who_swap_one_wins(store: Any) -> None:
    won: list[int] = []

    def work(number: int) -> None:
        for _ in range(5):
            version, _ = store.load("k")
            try:
                if store.swap("k", version, b"%d" % number):
                    won.append(version)
            except sqlite3.OperationalError:
                pass  # locked: sqlite's way to say later

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(won) == len(set(won)) == store.load("k")[0] > 0


def test_clients_share_a_token_through_it(store: Any, simulator: Simulator) -> None:
    for _ in range(3):
        with simulator.client(store=store) as client:
            with pytest.raises(PlatformError):
                client.call(QUERY, {"orderNos": ["NONE"]})
    # Each of the three asked for the token: one call was made.
    assert token_calls(simulator) == 1
    assert SECRET.encode() not in store.load(client.session.store_key)[1]


def test_asyncio_shares_it_too(redis_port: int, simulator: Simulator) -> None:
    import redis.asyncio

    from nnopen.stores import AsyncRedisStore

    async def ask() -> None:
        connection = redis.asyncio.Redis(host="127.0.0.1", port=redis_port)
        await connection.flushall()
        store = AsyncRedisStore(connection)
        assert await store.load("k") == (0, b"") and await store.swap("k", 0, b"one") and not await store.swap("k", 0, b"two")
        for _ in range(3):
            async with simulator.async_client(store=store) as client:
                with pytest.raises(PlatformError):
                    await client.call(QUERY, {"orderNos": ["NONE"]})
        await connection.aclose()

    asyncio.run(ask())
    assert token_calls(simulator) == 1


def test_a_swap_that_redis_did_twice_was_done_once(redis_port: int) -> None:
    import redis

    from nnopen.stores import RedisStore

    store: Any = RedisStore(redis.Redis(host="127.0.0.1", port=redis_port))
    store._client.flushall()
    swap = store._swap

    def twice(**more: Any) -> Any:
        swap(**more)
        return swap(**more)

    store._swap = twice
    assert store.swap("k", 0, b"mine") and store.load("k") == (1, b"mine")
    assert not store.swap("k", 0, b"mine too") and store.load("k") == (1, b"mine")


def test_a_redis_that_is_down_ends_the_call_before_anything_was_sent(simulator: Simulator) -> None:
    redis = pytest.importorskip("redis")
    from nnopen.stores import RedisStore

    client = simulator.client(store=RedisStore(redis.Redis(host="127.0.0.1", port=9)))
    with pytest.raises(TransportError):
        client.sign_in()
    assert token_calls(simulator) == 0


def test_a_store_that_tells_what_it_holds_is_silenced() -> None:
    account = {"app_key": "SD00000001", "app_secret": SECRET, "tax_num": "1", "environment": "sandbox"}
    call = Session(shared=True, **account).sign_in()
    now = iter(range(1_700_000_000_000, 1_800_000_000_000))

    def step() -> Any:
        at = next(now)
        return call.step(at, at.to_bytes(20, "big"))

    assert isinstance(step(), Load)
    call.loaded(0, b"", next(now))
    assert isinstance(step(), Swap)
    call.swapped(True, next(now))
    assert isinstance(step(), Request)
    token = b'{"access_token": "TOKEN-IN-TEST", "refresh_token": "REFRESH-IN-TEST", "expires_in": 86400}'
    call.receive(200, token, next(now))
    swap = step()
    assert isinstance(swap, Swap) and b"TOKEN-IN-TEST" in swap.data
    try:
        try:
            raise KeyError(swap.data, swap)
        except KeyError:
            raise OSError("lost", swap.data, swap.data.decode())
    except OSError as error:
        text = shown(bare(error, swap))
    assert "TOKEN-IN-TEST" not in text and "REFRESH-IN-TEST" not in text and "lost" in text


def test_a_database_fault_shows_no_token(simulator: Simulator, tmp_path: Path) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    from nnopen.stores import SqlStore

    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 't.db'}")
    client = simulator.client(store=SqlStore.of_engine(engine))
    with pytest.raises(TransportError, match="nnopen_token"):
        client.sign_in()
    assert token_calls(simulator) == 0


def test_an_unknown_paramstyle_is_told() -> None:
    from nnopen.stores import SqlStore

    with pytest.raises(ValueError, match="numeric_dollar"):
        SqlStore(lambda: sqlite3.connect(":memory:"), "numeric_dollar")


@pytest.mark.parametrize(("style", "update"), [("pyformat", "%(version)s"), ("format", "%s"), ("numeric", ":2")])
def test_statements_are_written_as_the_driver_wants_them(style: str, update: str) -> None:
    from nnopen.stores import SqlStore

    store = SqlStore(lambda: sqlite3.connect(":memory:"), style)
    assert update in store._update.text and ":version" not in store._update.text


def test_the_shared_files_are_those_of_all_languages() -> None:
    from nnopen.stores import shared

    for name in ("redis.lua", "schema.sql"):
        assert shared(name) == (ROOT / "crates" / "store" / "share" / name).read_text(encoding="utf-8")
