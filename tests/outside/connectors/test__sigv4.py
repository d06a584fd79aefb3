"""Requests to AWS: the signature, the keys, and the region."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from lastgood.errors import NotFetchedError, UsageError
from lastgood.outside.connectors._sigv4 import Keys, Signed, asked
from lastgood.outside.connectors.wire import Wire
from systems import System, running

KEYS = Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a-session")
MOMENT = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
# What botocore 1.44.8 (SigV4Auth) writes for the same request, keys and moment.
SIGNATURE = "b9b5d62f6b1ef96c5c9c7b7997d91171b555f89f1fc712d7e82db3cba4b10979"


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without keys and programs."""
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))


def test_the_signature_is_the_one_that_aws_publishes() -> None:
    """Other headers of the client are not part of it; the secret is nowhere in the request."""
    request = httpx.Request(
        "POST", "https://logs.eu-west-1.amazonaws.com/", content=b'{"queryId":"q"}',
        headers={"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "Logs_20140328.StartQuery", "User-Agent": "x"},
    )  # fmt: skip
    Signed(KEYS, "eu-west-1", "logs").sign(request, MOMENT)

    assert (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261130/eu-west-1/logs/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "
        f"Signature={SIGNATURE}"
    ) == request.headers["Authorization"]
    assert KEYS.secret not in str(request.headers)
    assert KEYS.secret not in repr(KEYS)


def test_keys_of_the_environment_or_of_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The command is asked when the environment has none; without both it is said."""
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    system = System({"/": lambda _: {}})
    with running(system) as url, Wire(url) as wire:
        with pytest.raises(NotFetchedError, match="no AWS credentials"):
            asked(wire, "logs", "1.1", "Logs_20140328.StartQuery", {})
        program = tmp_path / "aws"
        program.write_text(
            '#!/bin/sh\n[ "$2" = export-credentials ] && echo \'{"AccessKeyId": "AK2", "SecretAccessKey": "s"}\'\n'
        )
        program.chmod(0o700)
        asked(wire, "logs", "1.1", "Logs_20140328.StartQuery", {})
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AK1")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
        asked(wire, "logs", "1.1", "Logs_20140328.StartQuery", {})

    assert ["AK2", "AK1"] == [
        one["Authorization"].partition("=")[2].partition("/")[0] for one in system.headers
    ]
    assert "application/x-amz-json-1.1" == system.headers[0]["Content-Type"]


def test_a_region_must_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is that of the address, else that of the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AK1")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    with Wire("http://127.0.0.1:9") as wire, pytest.raises(UsageError, match="no region"):
        asked(wire, "logs", "1.1", "Logs_20140328.StartQuery", {})


def test_a_session_that_is_repeated_is_blotted(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS gives the whole request back when a signature does not match; a message is cut, and must not be cut within it."""
    session = "IQoJ" * 300
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "AK1"),
        ("AWS_SECRET_ACCESS_KEY", "s" * 20),
        ("AWS_SESSION_TOKEN", session),
        ("AWS_REGION", "eu-west-1"),
    ):
        monkeypatch.setenv(name, value)
    said = f"The canonical string should have been x-amz-security-token:{session} and so on".encode()
    with (
        running(System({"/": lambda _: (400, {}, said)})) as url,
        Wire(url) as wire,
        pytest.raises(NotFetchedError, match="canonical string") as problem,
    ):
        asked(wire, "logs", "1.1", "Logs_20140328.StartQuery", {})

    assert "IQoJ" not in problem.value.message
