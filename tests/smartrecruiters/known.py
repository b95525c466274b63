"""Ids, addresses and bodies that the tests of the client share."""

import socket
from collections.abc import Callable

import pytest

from eqsr.smartrecruiters.errors.base import SmartRecruitersError

JOB = "7f0d1c1e-2f52-4a5e-9d3a-0b6f6a1f9c11"
JOB_PATH = f"/jobs/{JOB}"
GOOD_JOB = {"id": JOB, "title": "Java Developer"}
CANDIDATE = "b6a3c0a4-8f39-4f0b-8a93-5a9b1c2d3e4f"
APPLICATION = "0c9d8e7f-6a5b-4c3d-2e1f-0a9b8c7d6e5f"
ON_JOB = f"/candidates/{CANDIDATE}/jobs/{JOB}"
SUBSCRIPTION = "3747566b-8f4f-4fdb-ae4e-4b977f040538"
HOOKS = "/webhooks-api/v201907/subscriptions"
HOOK = f"{HOOKS}/{SUBSCRIPTION}"


def error_body(code: str) -> dict:
    return {"message": "m", "errors": [{"code": code, "message": "m"}]}


def failure(call: Callable, *args, **kwargs) -> SmartRecruitersError:
    with pytest.raises(SmartRecruitersError) as caught:
        call(*args, **kwargs)
    return caught.value


def cut_before_answer(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True
