"""The account beside what was fetched."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from lastgood.model.fetching import Asked, Fetched
from lastgood.model.window import Window
from lastgood.workbench.fetched import cached, missing_under, put, read_account, write_account

WINDOW = Window(datetime(2026, 11, 30, 1, tzinfo=UTC), datetime(2026, 11, 30, 3, tzinfo=UTC))


def test_what_is_missing_stays_with_the_folder(tmp_path: Path) -> None:
    """Read back as it was written; folders of others have nothing to say."""
    found = Fetched("prod", WINDOW, str(tmp_path), (Asked("loki", "x", ("loki/a",), 2, 0.5, ("cut",)),))
    assert read_account("prod", WINDOW, tmp_path) is None
    write_account(found, tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / ".fetched.json").write_text("[1]")

    again = read_account("prod", WINDOW, tmp_path)

    assert again is not None
    assert (found.asked, True) == (again.asked, again.again)
    assert ("fetched: loki: cut",) == missing_under([tmp_path, other, tmp_path / "none"])


def test_two_systems_of_a_kind_do_not_overwrite_each_other(tmp_path: Path) -> None:
    """The second file of a name gets a number."""
    assert ["loki/a.json", "loki/2-a.json"] == [put(tmp_path, "loki", "a.json", b"{}") for _ in range(2)]


def test_other_questions_have_other_folders() -> None:
    """And names are plain."""
    one, two = (cached("https://x/../y", [what], WINDOW) for what in ("a", "b"))

    assert one != two
    assert one.parent.name.startswith("https___x_.._y-")
    assert "20261130T0100-20261130T0300" == one.name


def test_a_name_stays_in_its_folder(tmp_path: Path) -> None:
    """Whatever a system called the thing."""
    names = ["../../etc/x", "/etc/x", "..", ".hidden", "a\x00b", "x" * 500]

    found = [put(tmp_path, "loki", name, b"{}") for name in names]

    assert all((tmp_path / one).resolve().parent == tmp_path / "loki" for one in found)
    assert all((tmp_path / one).is_file() for one in found)


def test_an_account_of_others_is_read_with_care(tmp_path: Path) -> None:
    """No link, no pipe, no depth, few sentences and short ones."""
    accounts = {"deep": "[" * 200_000, "many": json.dumps({"missing": ["y" * 5000] * 100})}
    for name, text in accounts.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / ".fetched.json").write_text(text)
    for name in ("link", "pipe"):
        (tmp_path / name).mkdir()
    (tmp_path / "link" / ".fetched.json").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe" / ".fetched.json")

    assert () == missing_under([tmp_path / name for name in ("deep", "link", "pipe")])
    many = missing_under([tmp_path / "many"])
    assert (20, True) == (len(many), all(len(one) < 400 for one in many))
