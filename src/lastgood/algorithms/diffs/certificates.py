"""Certificate files: which of them an edit took and gave, by the names that tools give them."""

import re
from collections.abc import Iterator

from lastgood.algorithms.diffs.kinds import Effect, EffectKind
from lastgood.algorithms.diffs.parts import Edits

# certbot's files are of https://eff-certbot.readthedocs.io (where are my certificates); stores of Java and Windows.
_FILE = re.compile(r"[\w*-]*\.(?:pem|crt|cer|p7b|pfx|p12|jks|keystore|truststore)\b", re.IGNORECASE)


def certificate_effects(edits: Edits) -> Iterator[Effect]:
    """That a certificate file is taken no longer, and another instead or none."""
    named = {
        sign: [
            (name, line)
            for line in edits.hunk.lines
            if line.sign == sign
            for name in _FILE.findall(line.text)
        ]
        for sign in "-+"
    }
    lost, got = ({name for name, _ in named[sign]} for sign in "-+")
    gone = [(name, line) for name, line in named["-"] if name not in got]
    if gone:
        name, line = gone[0]
        what = f"{name} → {', '.join(sorted(got - lost)) or 'none'}"
        yield Effect(
            EffectKind.CERTIFICATE_CHANGED, edits.hunk.path, what, line.number, line.text.strip()[:120]
        )
