"""Versions of Nomad's jobs."""

import pytest

from outcomes import outcome

NEWEST = """Version     = 31
Stable      = false
Submit Date = 2026-11-22T15:40:30+01:00
Diff        =
+/- Job: "seats"
+/- Task Group: "seats" ( 2 create/destroy update )
  +/- Task: "seats" ( forces create/destroy update )
    +/- Config {
      +/- image: "hub.kiosk.example:5000/seats:2.1.0" => "hub.kiosk.example:5000/seats:2.2.0"
        }
"""
OLDER = "Version     = 30\nStable      = true\nSubmit Date = 2026-11-20T09:00:00Z\n"
EDITED = 'Diff        =\n+/- Task Group: "seats"\n  +/- {}\n'


def test_a_version_is_a_deploy_from_one_image_to_the_next() -> None:
    """The version below ran what the difference names as old; the time has its zone."""
    found = outcome(f"{NEWEST}\n{OLDER}".encode(), "history.txt")
    newest, older = found.rows["lg_changes"]

    assert ("deploy", "seats", "2.2.0", "2.1.0", "2026-11-22T14:40:30+00:00") == (
        newest["Kind"], newest["Service"], newest["Version"], newest["PreviousVersion"], newest["Timestamp"].isoformat()
    )  # fmt: skip
    assert ("seats", "2.1.0", "") == (older["Service"], older["Version"], older["PreviousVersion"])
    assert ("31", "false") == tuple(
        dict(newest["Attributes"])[f"nomad.job.{name}"] for name in ("version", "stable")
    )
    assert [] == found.rejects
    assert found.balanced


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        ('Count: "2" => "4"', "scaling"),
        ('Env[POOL]: "20" => "5"', "config"),
        ('image: "seats:1" => "seats:2"', "deploy"),
    ],
)
def test_a_version_is_what_it_changed(edit: str, kind: str) -> None:
    """Settings and scale too."""
    (row,) = outcome(f"{OLDER}{EDITED.format(edit)}".encode(), "h.txt!/1 nomad job history -p seats").rows[
        "lg_changes"
    ]

    assert (kind, "seats") == (row["Kind"], row["Service"])


def test_the_job_is_that_of_the_command_or_of_the_image() -> None:
    """Of a part of a pasted session the command is known."""
    named = outcome(OLDER.encode(), "h.txt!/2 nomad job history -p plan").rows["lg_changes"][0]
    image = outcome(
        f"{OLDER}{EDITED.format('image: `` => `seats:2`')}".replace("`", '"').encode(), "h.txt"
    ).rows["lg_changes"][0]

    assert ("plan", "30") == (named["Service"], named["Version"])
    assert ("seats", "2") == (image["Service"], image["Version"])


def test_a_version_without_a_time_is_a_reject() -> None:
    """The others are kept."""
    found = outcome(f"{NEWEST}\nVersion     = 30\nStable      = true\n".encode(), "h.txt")

    assert (1, 1) == (len(found.rows["lg_changes"]), len(found.rejects))
    assert found.balanced
