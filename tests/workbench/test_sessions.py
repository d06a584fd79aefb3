"""Pasted sessions: each command's output is an input of its own."""

from pathlib import Path

import pytest

from lastgood.decoding.input import Input
from lastgood.workbench.sessions import FIRST_LINES, SESSION_BYTES, TITLE_LETTERS, sections

HELM = """$ helm history ingest -n telemetry
REVISION  UPDATED                   STATUS      CHART          APP VERSION  DESCRIPTION
61        Tue Nov 17 10:22:40 2026  superseded  ingest-2.4.0   0.87.2       Upgrade complete

$ helm history mqtt -n telemetry
18        Mon Sep 14 08:11:02 2026  superseded  emqx-5.8.1     5.8.1        Upgrade complete
"""
HEADED = """# last of each, 2026-11-05

== auth-svc
ID   DATE                 REVISION
188  2026-10-29 12:10:33  auth-svc:4.11.2

== session-svc
ID   DATE                 REVISION
241  2026-11-02 08:40:02  session-svc:2.30.1
"""


def parts(folder: Path, text: str, name: str = "paste.txt") -> list[Input]:
    """The inputs that a file gives."""
    path = folder / name
    path.write_text(text)
    return list(sections(Input(path, name), folder / "parts"))


def test_each_command_is_an_input(tmp_path: Path) -> None:
    """Named after it; a table without a head has that of the same command before."""
    first, second = parts(tmp_path, HELM)

    assert [
        "paste.txt!/1 helm history ingest -n telemetry",
        "paste.txt!/2 helm history mqtt -n telemetry",
    ] == [
        first.name,
        second.name,
    ]
    assert first.head.splitlines()[0] == second.head.splitlines()[0]
    assert second.head.splitlines()[1].startswith(b"18 ")
    assert b"$" not in first.head + second.head


def test_headings_over_tables_part_them_too(tmp_path: Path) -> None:
    """The heading says whose the table is; a comment before them is left out."""
    found = parts(tmp_path, HEADED)

    assert ["auth-svc.log", "session-svc.log"] == [one.telling for one in found]
    assert all(one.head.startswith(b"ID ") for one in found)


@pytest.mark.parametrize(
    ("prompt", "telling"),
    [
        ("$ kubectl logs -n shop deploy/cart --since=1h", "cart.log"),
        ("ann@host-1:~$ sudo docker logs cart", "cart.log"),
        ("[ann@host-1 log]$ tail -n 50 /var/log/nginx/error.log | grep 502", "/var/log/nginx/error.log"),
        ("# journalctl -u cart.service --since today", "cart.service"),
        ("PS C:\\> kubectl get events -A", "kubectl-get-events.log"),
    ],
)
def test_the_command_says_whose_the_output_is(tmp_path: Path, prompt: str, telling: str) -> None:
    """By its file, its unit or its container."""
    (one,) = parts(tmp_path, f"{prompt}\n2026-11-05 10:00:00 ERROR down\n")
    assert telling == one.telling


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-05 10:00:00 INFO up\n$ is the currency\n",
        '{"a": "$ kubectl get pods"}\n',
        "",
        "== a heading\nprose below it\n",
        "$ date\nThu Nov 5\n$ df -h\nFilesystem  Size\n",  # read in their order, each at the time before it
        "\n" * FIRST_LINES + "$ kubectl get pods\nNAME  READY\n",
        "$ kubectl get pods\n" + "x" * SESSION_BYTES,
    ],
)
def test_other_texts_are_left_whole(tmp_path: Path, text: str) -> None:
    """Logs, documents, and what has no command of a known form near its begin."""
    (one,) = parts(tmp_path, text)
    assert "paste.txt" == one.name


def test_text_before_the_first_command_is_kept(tmp_path: Path) -> None:
    """As a part of its own; names of parts are short and lead nowhere."""
    first, second = parts(tmp_path, "it broke at ten\n$ cat /etc/../" + "a" * 90 + "\nout\n")

    assert b"it broke at ten\n" == first.head
    assert TITLE_LETTERS + len("paste.txt!/2 ") >= len(second.name)
    assert "/etc" not in second.name


def test_no_line_is_lost(tmp_path: Path) -> None:
    """But for prompts, blank lines and comments above all."""
    found = parts(tmp_path, HELM + HEADED.replace("# last", "$ argocd app history # last"))
    kept = {line for one in found for line in one.head.decode().splitlines()}

    assert {line for line in (HELM + HEADED).splitlines() if line and line[0] not in "$#="} <= kept
