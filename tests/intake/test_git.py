"""A real git repository, made by git itself, and one that tries to run programs."""

import subprocess
from pathlib import Path

import pytest

from intake.changed import decode
from lastgood.intake.git import _name, service_of, tracked


def git(folder: Path, *arguments: str, when: str = "2026-11-22T10:00:00Z") -> None:
    """Run git as a person, at a time."""
    subprocess.run(
        ["git", "-c", "user.name=Eve Ops", "-c", "user.email=eve@acme.example", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        env={
            "PATH": "/usr/bin:/bin",
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_DATE": when,
            "HOME": str(folder),
        },
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Three commits, two tags, a rename and a binary file."""
    folder = tmp_path / "payments"
    (folder / "src").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    (folder / "a file").write_text("one\ntwo\n")
    (folder / "src" / "x.py").write_text("a = 1\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first: one\n\nwith a body")
    git(folder, "tag", "v1")
    git(folder, "mv", "a file", "ünicode\tname")
    (folder / "src" / "x.py").write_text("a = 2\nb = 3\n")
    git(folder, "commit", "-qam", "second", when="2026-11-22T11:00:00Z")
    (folder / "bin").write_bytes(bytes(range(256)))
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "third", when="2026-11-22T12:00:00Z")
    git(folder, "tag", "-a", "v2", "-m", "the second", when="2026-11-22T12:30:00Z")
    return folder


def test_commits_have_files_sizes_and_diffs(repository: Path) -> None:
    """Renames by their new name, binary files without lines."""
    commits = {c["Title"]: c for c in decode(repository).changes if c["Kind"] == "commit"}
    assert {"first: one", "second", "third"} == set(commits)
    second = commits["second"]
    assert (["src/x.py", "ünicode\tname"], 2, 1) == (
        sorted(second["Files"]),
        second["Additions"],
        second["Deletions"],
    )
    assert "+b = 3" in second["Diff"]
    assert "third" not in second["Diff"]
    assert ("payments", "Eve Ops") == (second["Service"], second["Actor"])
    assert "with a body" == commits["first: one"]["Attributes"]["message"]
    assert ["bin"] == commits["third"]["Files"]
    assert "2026-11-22T11:00:00+00:00" == second["Timestamp"].isoformat()


def test_tags_are_deploys_and_carry_their_commits(repository: Path) -> None:
    """Each commit is within the first tag that has it."""
    changes = decode(repository).changes
    deploys = {c["Version"]: c for c in changes if c["Kind"] == "deploy"}
    assert ("v1", "v2: the second", "2026-11-22T12:30:00+00:00") == (
        deploys["v2"]["PreviousVersion"], deploys["v2"]["Title"], deploys["v2"]["Timestamp"].isoformat(),
    )  # fmt: skip
    within = {c["Title"]: c["Within"] for c in changes if c["Kind"] == "commit"}
    assert {
        "first: one": deploys["v1"]["Id"], "second": deploys["v2"]["Id"], "third": deploys["v2"]["Id"],
    } == within  # fmt: skip


def test_tags_of_several_services_are_a_row_for_each(tmp_path: Path) -> None:
    """A version follows the one before it of the same name, and carries what touches that service alone, or no one's."""
    folder = tmp_path / "shop"
    git(tmp_path, "init", "-q", "-b", "main", "shop")
    steps = (
        ("services/cart/a.py", "cart/v1"), ("services/mail/a.py", "mail-v7"), ("services/cart/b.py", ""),
        ("services/mail/b.py", "mail-v8"), ("README", "cart/v2"), ("web/index.js", "@acme/web@3.0.1"), ("all", "v9"),
    )  # fmt: skip
    for hour, (file, tag) in enumerate(steps, 10):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(file)
        git(folder, "add", ".", when=f"2026-11-22T{hour}:00:00Z")
        git(folder, "commit", "-qm", file, when=f"2026-11-22T{hour}:00:00Z")
        if tag:
            git(folder, "tag", "-a", tag, "-m", "", when=f"2026-11-22T{hour}:30:00Z")

    changes = decode(folder, services=("cart-service",)).changes

    deploys = [c for c in changes if c["Kind"] == "deploy"]
    assert [
        ("cart-service", "v1", ""), ("mail", "v7", ""), ("mail", "v8", "v7"), ("cart-service", "v2", "v1"),
        ("web", "3.0.1", ""), ("shop", "v9", ""),
    ] == [(c["Service"], c["Version"], c["PreviousVersion"]) for c in deploys]  # fmt: skip
    assert {
        "services/cart/a.py": "cart/v1", "services/mail/a.py": "mail-v7", "services/cart/b.py": "cart/v2",
        "services/mail/b.py": "mail-v8", "README": "cart/v2", "web/index.js": "@acme/web@3.0.1", "all": "v9",
    } == {c["Title"]: c["Within"].removeprefix("tag/shop/") for c in changes if c["Kind"] == "commit"}  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "repository", "services"),
    [
        ("payments", "payments-repo", ("checkout", "payments")),
        ("payments", "payments_service", ("payments",)),
        ("payments-service", "payments", ("payments-service",)),
        ("Payments", "payments", ("Payments", "payments-api")),
        ("payments-repo", "payments-repo", ("payments-api", "payments-service")),
        ("payments-repo", "payments-repo", ("payments-gateway",)),
        ("payments-repo", "payments-repo", ()),
        ("api", "api", ("app",)),
    ],
)
def test_a_repository_is_its_service(expected: str, repository: str, services: tuple[str, ...]) -> None:
    """Whatever ending either has; where two could be meant, or none is, it keeps its own name."""
    assert expected == service_of(repository, services)


@pytest.mark.parametrize(("services", "name"), [((), ""), (("checkout", "cart"), "checkout")])
def test_a_folder_that_says_nothing_is_the_service_that_is_called_so(
    tmp_path: Path, services: tuple[str, ...], name: str
) -> None:
    """A working copy is often called checkout, and so is a part of a shop."""
    assert name == _name(tmp_path / "checkout", services)


def test_its_changes_are_those_of_the_service(repository: Path) -> None:
    """Commits and deploys alike."""
    changes = decode(repository, services=("payments-svc",)).changes

    assert {"payments-svc"} == {change["Service"] for change in changes}


def test_a_bare_clone_is_read_alike(repository: Path, tmp_path: Path) -> None:
    """Named after its origin."""
    git(tmp_path, "clone", "-q", "--bare", str(repository), "mirror")
    changes = decode(tmp_path / "mirror").changes
    assert 5 == len(changes)
    assert {"payments"} == {c["Service"] for c in changes}


def test_a_hostile_repository_runs_nothing(repository: Path, tmp_path: Path) -> None:
    """No external diff, conversion, hook, monitor, pager or signature program is called."""
    mark = tmp_path / "mark"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\necho x\n")
    program.chmod(0o755)
    for key in (
        "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "diff.external", "diff.evil.command",
        "diff.evil.textconv", "filter.evil.smudge", "filter.evil.clean", "gpg.program", "pager.log",
    ):  # fmt: skip
        git(repository, "config", key, str(program))
    git(repository, "config", "log.showSignature", "true")
    (repository / ".git" / "info").mkdir(exist_ok=True)
    (repository / ".git" / "info" / "attributes").write_text("* diff=evil filter=evil\n")
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        (repository / ".git" / "hooks").mkdir(exist_ok=True)
        (repository / ".git" / "hooks" / hook).write_text(program.read_text())
        (repository / ".git" / "hooks" / hook).chmod(0o755)

    assert 5 == len(decode(repository).changes)
    assert not mark.exists()


def test_a_repository_without_commits_is_no_error(tmp_path: Path) -> None:
    """There is nothing in it."""
    git(tmp_path, "init", "-q")
    assert [] == decode(tmp_path).changes


def test_what_commits_hold_is_known(repository: Path) -> None:
    """Files that were never added are not in it."""
    (repository / "new.log").write_text("x")
    assert {"bin", "ünicode\tname", "src/x.py"} == {
        str(file.relative_to(repository)) for file in tracked(repository)
    }
