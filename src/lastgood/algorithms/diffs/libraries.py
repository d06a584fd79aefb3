"""Versions of libraries and images that an edit changed: `requests==2.31.0`, `"axios": "^1.6"`, `image: shop/base:v3`."""

import re
from collections.abc import Iterator

from lastgood.algorithms.diffs.kinds import Effect, EffectKind
from lastgood.algorithms.diffs.parts import Edits
from lastgood.algorithms.diffs.unified import Hunk, Role

_VERSION = r"[~^>=<!v ]*\d+(?:\.[\w*+\-]+)*"
_FORMS = (
    re.compile(rf"^\s*[\"']?(?P<name>@?[A-Za-z][\w.\-/@]*)(?:\[[\w,]+\])?[\"']?\s*(?:==|~=|>=|:|=|\s)\s*[\"']?(?P<version>{_VERSION})[\"']?,?\s*$"),
    re.compile(rf"^\s+(?P<name>[\w.\-]+) \((?P<version>{_VERSION})\)\s*$"),
    re.compile(rf"gem\s+[\"'](?P<name>[\w\-]+)[\"'],\s*[\"'](?P<version>{_VERSION})[\"']"),
    re.compile(rf"[\"'](?P<name>[\w.\-]+:[\w.\-]+):(?P<version>{_VERSION})[\"']"),
    re.compile(rf"<Package(?:Reference|Version)\s+(?:Include|Update)=\"(?P<name>[\w.]+)\"\s+Version=\"(?P<version>{_VERSION})\""),
    re.compile(r"<(?P<name>TargetFramework)>(?P<version>[\w.\-]+)<"),
    re.compile(rf"(?<![\w.\-])(?P<name>[A-Za-z][\w.\-]*)\s*=\s*\{{[^}}]*version\s*=\s*\"(?P<version>{_VERSION})\""),
)  # fmt: skip
_IMAGE = re.compile(
    r"(?:\bimage:\s*|^\s*FROM\s+(?:--\S+\s+)*|image\s*=\s*)[\"']?(?P<name>[\w./\-]+(?::\d+/[\w./\-]+)?):(?P<version>[\w.\-]+)"
)
_OWN = re.compile(r"<version>(?P<version>[\w.\-]+)</version>")
_NOT_LIBRARIES = frozenset(
    {"version", "go", "python", "name", "lockfileversion", "toolchain", "resolved", "integrity"}
)


def library_effects(edits: Edits) -> Iterator[Effect]:
    """The libraries and images whose version is another."""
    edit = edits.hunk
    manifest = edit.role is Role.MANIFEST
    before, after = (
        {name: version for name, version, _ in _reported(edit, old=old, manifest=manifest)}
        for old in (True, False)
    )
    for name, version, (text, number) in _reported(edit, old=False, manifest=manifest):
        was = before.get(name)
        if (was is None and not manifest) or was == version:
            continue
        reported = f"{name} {was} → {version}" if was else f"{name} {version} is new"
        yield Effect(
            EffectKind.LIBRARY_CHANGED, edit.path, text.strip()[:160], number, reported[:120], subject=name
        )
    for name in before.keys() - after.keys() if manifest else ():
        yield Effect(
            EffectKind.LIBRARY_CHANGED, edit.path, name, None, f"{name} {before[name]} is gone", subject=name
        )


def _reported(edit: Hunk, *, old: bool, manifest: bool) -> Iterator[tuple[str, str, tuple[str, int | None]]]:
    """Names with versions, on which line."""
    around = [m[1] for text in edit.above if (m := re.search(r"<artifactId>([\w.\-]+)</artifactId>", text))]
    for line in edit.before if old else edit.after:
        place = (line.text, line.number)
        if image := _IMAGE.search(line.text):
            yield image["name"], image["version"], place
        elif manifest and around and (own := _OWN.search(line.text)):
            yield around[-1], own["version"], place
        elif manifest:
            found = next((m for form in _FORMS if (m := form.search(line.text))), None)
            if found and found["name"].lower() not in _NOT_LIBRARIES:
                yield found["name"], found["version"].strip(), place
