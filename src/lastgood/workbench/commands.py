"""Commands: a list of arguments with fields in it, filled in with values. No shell ever reads them.

`deployment/{service}` is an argument with the field `service`; `{{` and `}}` are braces. Values come from telemetry and
from people, so each is checked: it cannot become an option, a program, a part of a script, or invisible.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from lastgood.algorithms.secrets import BLOT, names_a_secret, without_secrets
from lastgood.errors import UsageError

YOUR_COMMAND = "YOUR-COMMAND"  # in a proposed template, until the team puts its own
_PIECE = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_.]*)\}|[{}]")
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash", "fish"})
_SCRIPT = re.compile(r"-[a-z]*c")
# Control, format (such as right-to-left marks), surrogate and unassigned characters, and line separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})


def filled(template: Sequence[str], values: Mapping[str, str], what: str) -> tuple[str, ...]:
    """The arguments with their values; `what` names the template in messages.

    Raises:
        UsageError: a field has no value, a value is not one that may stand there, or the template is none.
    """
    _checked(template, what)
    after_options = False
    arguments = []
    for argument in template:
        for name in fields(argument, what):
            _check(name, values, what, option=not after_options)
        arguments.append(_PIECE.sub(lambda piece: _text(piece, values), argument))
        after_options = after_options or argument == "--"
    return tuple(arguments)


def filled_text(template: str, values: Mapping[str, str], what: str) -> str:
    """A text that is no command, such as a target effect, with its values.

    Raises:
        UsageError: a field has no value, or a value cannot be shown.
    """
    for name in fields(template, what):
        _check(name, values, what, option=False)
    return _PIECE.sub(lambda piece: _text(piece, values), template)


def recorded(template: Sequence[str], values: Mapping[str, str], what: str) -> tuple[str, ...]:
    """The arguments as the record may have them: without secrets."""
    shown = {name: BLOT if names_a_secret(name) else value for name, value in values.items()}
    return tuple(without_secrets(argument) for argument in filled(template, shown, what))


def fields(argument: str, what: str) -> Iterator[str]:
    """The names of the fields in an argument.

    Raises:
        UsageError: a brace stands alone.
    """
    for piece in _PIECE.finditer(argument):
        if piece[1]:
            yield piece[1]
        elif piece[0] in {"{", "}"}:
            raise UsageError(
                f"The template of {what} has a lone {piece[0]} in {argument!r}.",
                hint="A field is {name}; write {{ and }} for braces.",
            )


def _checked(template: Sequence[str], what: str) -> None:
    """Refuse a template in which a value would become a program, or be read as a script."""
    if not template or not template[0]:
        raise UsageError(f"The template of {what} has no command.")
    if template[0] == YOUR_COMMAND:
        raise UsageError(
            f"The template of {what} still has {YOUR_COMMAND}.",
            hint="Replace it in lastgood.toml with your command.",
        )
    if any(fields(template[0], what)):
        raise UsageError(f"The template of {what} takes its program from a value.", hint="Name the program.")
    shell = next((n for n, a in enumerate(template) if PurePath(a).name in _SHELLS), None)
    if shell is None:
        return
    script = next((n for n in range(shell + 1, len(template)) if _SCRIPT.fullmatch(template[n])), None)
    if script is not None and any(fields("".join(template[script + 1 : script + 2]), what)):
        raise UsageError(
            f"The template of {what} has a value inside a script, which a shell would carry out.",
            hint='Pass it as an argument: ["sh", "-c", "… \\"$1\\"", "sh", "{service}"].',
        )


def _check(name: str, values: Mapping[str, str], what: str, *, option: bool) -> None:
    value = values.get(name)
    if not value:
        raise UsageError(
            f"The template of {what} needs a value for {{{name}}}{', and it is empty' if value == '' else ''}.",
            hint=f"Give it: --set {name}=…",
        )
    if any(unicodedata.category(character) in _UNSEEN for character in value):
        raise UsageError(f"The value of {{{name}}} for {what} has characters that cannot be seen: {value!a}.")
    if option and value.startswith("-"):
        raise UsageError(
            f"The value of {{{name}}} for {what} begins with a dash, and would be an option: {value!r}.",
            hint="Where it is meant so, put the field after an argument `--` in the template.",
        )


def _text(piece: re.Match[str], values: Mapping[str, str]) -> str:
    return values[piece[1]] if piece[1] else piece[0][0]
