"""`lastgood serve`: what it prints when it is started for the first time."""

import re
from pathlib import Path

import pytest

from servers import serving

pytestmark = pytest.mark.slow


def test_password_and_key_are_printed_once(tmp_path: Path) -> None:
    """At the first start; they are made, and only their hashes are kept."""
    unset = {"LASTGOOD_ADMIN_PASSWORD": "", "LASTGOOD_INGEST_KEY": ""}
    with serving(tmp_path, unset) as server:
        assert 0 == server.ended()
        first = "".join(server.said)
    key = re.search(r"ingest key (lgi_\S+)", first)
    assert key is not None
    assert "log in as admin with the password" in first
    with serving(tmp_path, unset) as server:
        change = {"time": "2026-11-22T14:41:00Z", "kind": "deploy", "id": "1"}
        assert 1 == server.post("/api/changes", change, key=key[1]).json()["stored"]
        assert 0 == server.ended()
        assert [] == [line for line in server.said if "password" in line or "lgi_" in line]
