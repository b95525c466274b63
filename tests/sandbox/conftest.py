"""Fixtures: one sandbox process for the session, emptied before each test."""

from collections.abc import Iterator

import pytest

from tests.sandbox.drive import Receiver, Sandbox, Tenant, start_sandbox
from tools.ports import kept_port


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[Sandbox]:
    sandbox = start_sandbox("--seed", "empty")
    yield sandbox
    sandbox.stop()


@pytest.fixture
def sandbox(sandbox_process: Sandbox) -> Sandbox:
    sandbox_process.control("POST", "/reset", seed="empty", limits=True)
    return sandbox_process


@pytest.fixture
def tenant(sandbox: Sandbox) -> Tenant:
    return sandbox.company()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def unused_tcp_ports() -> Iterator[tuple[int, int]]:
    with kept_port() as one, kept_port() as two:
        yield one, two
