import pytest

from tests.outbox.recording import answers, display_name, given_up


@pytest.fixture(autouse=True)
def context(app):
    for memory in (display_name, answers, given_up):
        memory.clear()
    with app.app_context():
        yield
