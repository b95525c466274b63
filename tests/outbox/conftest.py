import pytest

from tests.outbox.recording import answers, called, given_up


@pytest.fixture(autouse=True)
def context(app):
    for memory in (called, answers, given_up):
        memory.clear()
    with app.app_context():
        yield
