"""The shop's source as a git repository with tagged releases, and a build of any of them."""

import os
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "source" / "shop"
FIRST = "v1.4.0"
AUTHOR = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Shop team"), ("EMAIL", "team@shop.example"))
}


class History:
    """A repository in a folder; a build of a tag is a work tree."""

    def __init__(self, folder: Path) -> None:
        self.repository, self._builds = folder / "repository", folder / "builds"
        self._builds.mkdir(parents=True)
        self.repository.mkdir()
        self._git("init", "--quiet", "--initial-branch", "main")
        shutil.copytree(SOURCE, self.repository / "shop", ignore=shutil.ignore_patterns("__pycache__"))
        self._commit("Sell things", FIRST)

    def release(self, tag: str, subject: str, file: str, *edits: tuple[str, str]) -> None:
        """Commit edits of one file, each of a text that is there once, and tag them."""
        path = self.repository / "shop" / file
        text = path.read_text()
        for old, new in edits:
            if text.count(old) != 1:
                raise ValueError(f"{file} has {text.count(old)} times {old!r}")
            text = text.replace(old, new)
        path.write_text(text)
        self._commit(subject, tag)

    def build(self, tag: str) -> Path:
        """The folder of a release, made when it is first wanted."""
        folder = self._builds / tag
        if not folder.exists():
            self._git("worktree", "add", "--quiet", "--detach", str(folder), tag)
        return folder

    def _commit(self, subject: str, tag: str) -> None:
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", subject)
        self._git("tag", tag)

    def _git(self, *words: str) -> None:
        plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        environment = {**os.environ, **AUTHOR, **plain}
        subprocess.run(
            ["git", *words], cwd=self.repository, env=environment, check=True, stdout=subprocess.DEVNULL
        )
