"""Files that are attached in the sandbox."""

import requests


def download(shown, file) -> bytes:
    """As a hiring manager opens it in the sandbox's pages."""
    address = f"{shown.story.box.url}/app/{shown.story.company}/attachments/{file['id']}"
    answer = requests.get(address, timeout=10)
    answer.raise_for_status()
    return answer.content
