"""The registry: every section of the settings that names a system has its kind."""

from typing import get_args

from lastgood.config import AnySink, FileSink, Mail, WebhookSink
from lastgood.outside.sinks._registry import kinds


def test_every_section_has_its_kind() -> None:
    """Files, signed webhooks and e-mail are sent otherwise."""
    assert {*get_args(AnySink)} - {FileSink, Mail, WebhookSink} == {*kinds()}
