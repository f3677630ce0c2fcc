"""The system's Chromium, for tests of what a person sees."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import Need


@pytest.fixture(scope="module")
def chromium(need: Need) -> Iterator[Browser]:
    """A browser that finds no host but this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=need("chromium"),
            args=["--no-sandbox", "--host-resolver-rules=MAP *.example 127.0.0.1:9"],
        )
        yield browser
        browser.close()
