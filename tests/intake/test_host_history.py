"""What was done to a machine: packages and starts."""

import pytest

from outcomes import outcome

DPKG = (
    b"2026-11-22 14:03:11 startup archives unpack\n2026-11-22 14:03:12 upgrade openssl:amd64 3.0.11-1 3.0.13-1\n"
    b"2026-11-22 14:03:13 install nginx:amd64 <none> 1.22.1-9\nnonsense\n"
)
APT = (
    b"\nStart-Date: 2026-11-22  14:03:12\nCommandline: apt-get upgrade -y\nRequested-By: ann (1000)\n"
    b"Upgrade: openssl:amd64 (3.0.11-1, 3.0.13-1)\nInstall: nginx:amd64 (1.22.1-9, automatic)\nEnd-Date: 2026-11-22  14:03:45\n"
)
YUM = (
    b"Nov 22 14:03:12 Updated: 1:openssl-3.0.13-1.x86_64\nNov 22 14:03:13 Erased: httpd-2.4.6-99.el7.x86_64\n"
)
DNF = (
    b"2026-11-22T14:03:11+0000 INFO --- logging initialized ---\n"
    b"2026-11-22T15:03:12+0100 SUBDEBUG Upgrade: openssl-1:3.0.13-1.x86_64\n"
)
HISTORY = (
    b"ID     | Command line             | Date and time    | Action(s)      | Altered\n"
    b"-------------------------------------------------------------------------------\n"
    b"    12 | update openssl           | 2026-11-22 14:03 | Update         |    2   \n"
)
LAST = (
    b"reboot   system boot  6.1.0-18-amd64   Sun Nov 22 14:03:12 2026   still running\n"
    b"reboot   system boot  6.1.0-17-amd64   Sun Nov  1 09:00:00 2026 - Sun Nov 22 14:02:50 2026 (21+05:02)\n\n"
    b"wtmp begins Sun Nov  1 09:00:00 2026\n"
)


@pytest.mark.parametrize(
    ("content", "first", "kind", "version", "number", "rejects"),
    [
        (DPKG, "14:03:12", "config", "3.0.13-1", 2, 1),
        (APT, "14:03:12", "config", "1.22.1-9", 2, 0),
        (YUM, "14:03:12", "config", "3.0.13-1.x86_64", 2, 0),
        (DNF, "14:03:12", "config", "1:3.0.13-1.x86_64", 1, 0),
        (HISTORY, "14:03:00", "config", "", 1, 0),
        (LAST, "14:03:12", "infrastructure", "6.1.0-18-amd64", 2, 0),
        (LAST.replace(b":12 2026", b"").replace(b":00 2026 ", b" "), "14:03:00", "infrastructure", "6.1.0-18-amd64", 2, 0),
    ],
    ids=["dpkg", "apt", "yum", "dnf", "dnf-history", "last", "last-short"],
)  # fmt: skip
def test_each_is_a_change_at_its_time(
    content: bytes, first: str, kind: str, version: str, number: int, rejects: int
) -> None:
    """With its version; a line that is none of the program's is a reject, and every line is accounted for."""
    found = outcome(content, "record.txt")
    rows = found.rows["lg_changes"]

    assert (number, rejects, True) == (len(rows), len(found.rejects), found.balanced)
    assert (f"2026-11-22T{first}", kind, version) == (
        rows[0]["Timestamp"].isoformat()[:19], rows[0]["Kind"], rows[0]["Version"],
    )  # fmt: skip


def test_versions_before_and_who_asked_are_kept() -> None:
    """As apt's history has them."""
    upgrade = outcome(APT).rows["lg_changes"][1]

    assert ("3.0.11-1", "3.0.13-1", "ann") == (
        upgrade["PreviousVersion"],
        upgrade["Version"],
        upgrade["Actor"],
    )
    assert "2026-11-22T14:03:45+00:00" == upgrade["EndTimestamp"].isoformat()


@pytest.mark.parametrize(("name", "host"), [("app3-dpkg.log", "app3"), ("dpkg.log", None)])
def test_a_package_is_of_the_machine_that_the_file_names(name: str, host: str | None) -> None:
    """Where it names one."""
    rows = outcome(DPKG, name).rows["lg_changes"]

    assert {host} == {dict(row["Attributes"]).get("host.name") for row in rows}
