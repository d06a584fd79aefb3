"""The same address from another machine: ssh is played by a program that runs the machine's own curl, or fails."""

from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.model.probe_report import Elsewhere, Place
from lastgood.outside.probe.limits import Limits
from lastgood.outside.probe.remote import seen_from
from lastgood.outside.probe.target import target_of
from lastgood.outside.probe.verdict import from_elsewhere

TARGET = target_of("http://shop.test:8080/x;touch%20no?a=1&b=$(id)")
ANSWER = '{"http_code":403,"time_total":0.5,"errormsg":null}'


def played(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> Path:
    """A program in place of ssh; the file with what the shell of the other machine would get."""
    program = folder / "ssh"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {folder}/asked\n{body}\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder / "asked"


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (f"echo '{ANSWER}'", Elsewhere("bastion", 403, 0.5)),
        ("echo '{\"http_code\":0,\"time_total\":5}'; echo 'curl: (28) timed out' >&2; exit 28",
         Elsewhere("bastion", None, 5.0, Place.NETWORK, "curl: (28) timed out")),
        ("echo 'Permission denied (publickey).' >&2; exit 255", Elsewhere("bastion", problem="Permission denied (publickey).")),
        ("echo 'sh: curl: not found' >&2; exit 127", Elsewhere("bastion", problem="sh: curl: not found")),
        ("echo '%{json}'", Elsewhere("bastion", problem="curl there is older than 7.70")),
    ],
)  # fmt: skip
def test_what_a_host_saw_and_why_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, seen: Elsewhere
) -> None:
    """A host that cannot be asked says nothing of the address."""
    played(tmp_path, monkeypatch, body)

    assert seen == seen_from("bastion", TARGET, "192.0.2.1", Limits())


def test_the_address_is_quoted_and_pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell of the other machine gets one command, whatever the URL holds."""
    asked = played(tmp_path, monkeypatch, f"echo '{ANSWER}'")
    seen_from("kim@bastion", TARGET, "192.0.2.1", Limits())
    *options, host, command = asked.read_text().splitlines()

    assert "kim@bastion" == host
    assert "BatchMode=yes" in options
    assert "--resolve shop.test:8080:192.0.2.1" in command
    assert command.endswith("-- 'http://shop.test:8080/x;touch%20no?a=1&b=$(id)'")


@pytest.mark.parametrize("host", ["-oProxyCommand=id", "a b", "", "a;id"])
def test_a_host_is_never_an_option(host: str) -> None:
    """Nor part of a command."""
    with pytest.raises(UsageError, match="not the name of a host"):
        seen_from(host, TARGET, "192.0.2.1", Limits())


def test_where_it_works_is_part_of_the_verdict() -> None:
    """Only there, only here, or not known there."""
    fails, works = Elsewhere("a", 403), Elsewhere("b", 200)
    down, unknown = Elsewhere("c", None, 5.0, Place.NETWORK, "timed out"), Elsewhere("d", problem="no ssh")

    assert (Place.EDGE, "it works from here, not from a: status 403") == from_elsewhere(
        Place.NONE, "", (works, fails)
    )
    assert (Place.NETWORK, "it works from here, not from c: timed out") == from_elsewhere(
        Place.NONE, "", (down,)
    )
    assert (Place.DNS, "no address; from b it works, with status 200") == from_elsewhere(
        Place.DNS, "no address", (works,)
    )
    assert (Place.NONE, "") == from_elsewhere(Place.NONE, "", (unknown, works))
