"""Who asks a system: what the settings name, with the values of the environment."""

import os

from lastgood.config import SourceOf
from lastgood.errors import UsageError
from lastgood.outside.connectors._registry import connectors
from lastgood.outside.connectors.wire import Access


def access_of(source: SourceOf) -> Access:
    """What the settings name, with the values of the environment.

    Raises:
        UsageError: a variable that is named is not set.
    """
    connector = connectors().get(source.kind)
    headers = {name: _value(source, value) for name, value in source.headers.items()}
    return Access(
        _value(source, source.token), connector.authorization if connector else "{}", _value(source, source.user), _value(source, source.password), headers,
        source.ca_file,
    )  # fmt: skip


def _value(source: SourceOf, setting: str) -> str:
    if not setting.startswith("$"):
        return setting
    if setting[1:] not in os.environ:
        raise UsageError(
            f"The source {source.name!r} ({source.kind}) needs {setting}, which is not set.",
            hint=f"export {setting[1:]}=…",
        )
    return os.environ[setting[1:]]
