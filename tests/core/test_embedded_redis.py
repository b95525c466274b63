"""The local Redis, tested with real servers and real processes."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from eqsr.core import embedded_redis, redis_server
from tests.services.processes import eventually

# Without the package, which would import the whole product.
USER = """
import sys
from pathlib import Path
from types import ModuleType
# Not eqsr/__init__.py, which would load the whole application.
eqsr = sys.modules["eqsr"] = ModuleType("eqsr")
eqsr.__path__ = [sys.argv[1]]
from eqsr.core.embedded_redis import ensure
print(ensure(Path(sys.argv[2])), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    embedded_redis.stop(tmp_path)


@contextmanager
def user(data_dir: Path) -> Iterator[subprocess.Popen]:
    """Another process that uses the server until the block ends or it is killed."""
    command = [
        sys.executable,
        "-c",
        USER,
        str(Path(embedded_redis.__file__).parents[1]),
        str(data_dir),
    ]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        yield process
        process.stdin.close()


def url_of(process: subprocess.Popen) -> str:
    return process.stdout.readline().strip()


def ask(url: str, question: Callable[[redis.Redis], object]) -> object:
    # One try each: these tests look at servers that are away on purpose.
    client = redis.Redis.from_url(url, decode_responses=True, retry=None)
    try:
        return question(client)
    finally:
        client.close()


def answers(url: str) -> bool:
    try:
        return ask(url, redis.Redis.ping)
    except redis.ConnectionError:
        return False


def process_id(url: str) -> int:
    return ask(url, lambda client: client.info("server")["process_id"])


def parent_of(process: int) -> int:
    output = subprocess.check_output(["ps", "-o", "ppid=", "-p", str(process)], text=True)
    return int(output)


def servers(data_dir: Path) -> int:
    """How many servers listen for this folder; their command line then ends with the socket."""
    socket = redis_server.socket_path(embedded_redis._home(data_dir))
    lines = subprocess.check_output(["ps", "-ww", "-eo", "args="], text=True).splitlines()
    return sum("-server " in line and line.strip().endswith(f":{socket}") for line in lines)


def test_starts_a_server_that_keeps_what_it_is_given(data_dir):
    url = embedded_redis.ensure(data_dir)

    assert ask(url, lambda client: client.set("name", "value"))
    settings = ask(url, lambda client: client.config_get("*"))
    assert settings["port"] == "0"
    assert settings["appendonly"] == "yes"
    assert settings["appendfsync"] == "everysec"
    assert settings["maxmemory-policy"] == "noeviction"
    assert settings["dir"] == str(data_dir / "redis")


def test_socket_is_out_of_reach_for_other_accounts(data_dir):
    url = embedded_redis.ensure(data_dir)

    folder = Path(url.removeprefix("unix://")).parent
    assert folder.stat().st_mode & 0o077 == 0
    assert (data_dir / "redis").stat().st_mode & 0o077 == 0


def test_second_process_gets_the_same_server(data_dir):
    url = embedded_redis.ensure(data_dir)
    first = process_id(url)

    with user(data_dir) as other:
        assert url_of(other) == url
        assert process_id(url) == first


def test_processes_that_race_get_one_server(data_dir):
    with user(data_dir) as one, user(data_dir) as two, user(data_dir) as three:
        assert len({url_of(one), url_of(two), url_of(three)}) == 1
        assert servers(data_dir) == 1


def test_threads_that_race_get_one_server(data_dir):
    urls = []
    threads = [
        threading.Thread(target=lambda: urls.append(embedded_redis.ensure(data_dir)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(urls) == 4
    assert len(set(urls)) == 1
    assert servers(data_dir) == 1


def test_server_outlives_the_process_that_started_it_while_another_uses_it(data_dir):
    with user(data_dir) as starter:
        url = url_of(starter)
        server = process_id(url)
        with user(data_dir) as other:
            assert url_of(other) == url
            starter.kill()
            starter.wait()
            assert process_id(url) == server


def test_server_ends_with_its_last_user_however_that_ends(data_dir):
    with user(data_dir) as killed:
        url = url_of(killed)
        with user(data_dir) as ended:
            url_of(ended)
        assert answers(url)
        killed.kill()
        killed.wait()

    assert eventually(lambda: not answers(url))
    assert eventually(lambda: not Path(url.removeprefix("unix://")).parent.exists())


def test_killed_server_comes_back_at_the_same_address_with_its_data(data_dir):
    url = embedded_redis.ensure(data_dir)
    client = redis.Redis.from_url(url, decode_responses=True)
    client.set("name", "value")
    os.kill(process_id(url), signal.SIGKILL)
    assert eventually(lambda: not answers(url))

    with user(data_dir) as other:
        assert url_of(other) == url
        assert client.get("name") == "value"
    client.close()


def test_killed_keeper_leaves_no_server_behind_and_no_data_is_lost(data_dir):
    url = embedded_redis.ensure(data_dir)
    ask(url, lambda client: client.set("name", "value"))
    server = process_id(url)

    os.kill(parent_of(server), signal.SIGKILL)
    if sys.platform != "linux":  # there a child does not end with its parent
        embedded_redis.stop(data_dir)
    assert eventually(lambda: not answers(url))

    assert embedded_redis.ensure(data_dir) == url
    assert process_id(url) != server
    assert ask(url, lambda client: client.get("name")) == "value"


def test_new_user_that_comes_while_the_last_one_leaves_gets_a_server(data_dir):
    for _ in range(3):
        with user(data_dir) as leaving:
            url_of(leaving)
        with user(data_dir) as coming:
            assert answers(url_of(coming))


def test_stop_ends_the_server_and_keeps_the_data(data_dir):
    url = embedded_redis.ensure(data_dir)
    ask(url, lambda client: client.set("name", "value"))

    embedded_redis.stop(data_dir)
    assert not answers(url)
    embedded_redis.stop(data_dir)  # nothing runs: nothing to do

    assert embedded_redis.ensure(data_dir) == url
    assert ask(url, lambda client: client.get("name")) == "value"


def test_a_long_and_odd_data_folder_is_no_problem(tmp_path):
    data_dir = tmp_path / ("a long name with spaces " * 8) / ("ü'" * 60)
    url = embedded_redis.ensure(data_dir)
    try:
        assert ask(url, lambda client: client.config_get("dir"))["dir"] == str(data_dir / "redis")
        assert len(os.fsencode(url.removeprefix("unix://"))) <= redis_server.LONGEST_SOCKET_PATH
    finally:
        embedded_redis.stop(data_dir)


def test_language_that_is_not_installed_is_no_problem(data_dir, monkeypatch):
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")

    assert answers(embedded_redis.ensure(data_dir))


def test_folder_for_the_socket_that_others_can_write_to_is_refused(data_dir, monkeypatch, tmp_path):
    monkeypatch.setattr(redis_server.tempfile, "tempdir", str(tmp_path))
    folder = redis_server.socket_path(embedded_redis._home(data_dir)).parent
    folder.chmod(0o777)

    with pytest.raises(redis_server.LocalRedisError, match="not a private folder"):
        embedded_redis.ensure(data_dir)


def test_folder_for_the_socket_that_is_a_link_is_refused(data_dir, monkeypatch, tmp_path):
    monkeypatch.setattr(redis_server.tempfile, "tempdir", str(tmp_path))
    folder = redis_server.socket_path(embedded_redis._home(data_dir)).parent
    folder.rmdir()
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(redis_server.LocalRedisError, match="not a private folder"):
        embedded_redis.ensure(data_dir)


def test_machine_without_any_server_is_told_what_to_do(data_dir, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(redis_server.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(redis_server.LocalRedisError, match=r"^No Redis was found: .*\.$"):
        embedded_redis.ensure(data_dir)


def test_server_on_the_path_comes_first(monkeypatch, tmp_path):
    server = tmp_path / "valkey-server"
    server.write_text("#!/bin/sh\n")
    server.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert redis_server.server_binary() == server


def test_server_that_can_not_start_says_where_to_look(data_dir):
    home = data_dir / "redis"
    (home / "appendonlydir").mkdir(parents=True)
    (home / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense\n")

    with pytest.raises(redis_server.LocalRedisError, match=r"ended at once.*server\.log"):
        embedded_redis.ensure(data_dir)


def test_server_that_hangs_is_reported_and_not_doubled(data_dir, monkeypatch):
    url = embedded_redis.ensure(data_dir)
    server = process_id(url)
    monkeypatch.setattr(embedded_redis, "START_SECONDS", 1)
    os.kill(server, signal.SIGSTOP)
    try:
        with pytest.raises(redis_server.LocalRedisError, match="does not answer"):
            embedded_redis.ensure(data_dir)
    finally:
        os.kill(server, signal.SIGCONT)
    assert process_id(url) == server


def test_processes_that_come_and_go_never_see_two_servers_or_none(data_dir):
    with user(data_dir) as steady:
        url = url_of(steady)
        for _ in range(3):
            os.kill(process_id(url), signal.SIGKILL)
            with user(data_dir) as one, user(data_dir) as two:
                assert url_of(one) == url_of(two) == url
                assert answers(url)
                assert servers(data_dir) == 1
