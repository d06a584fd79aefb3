"""Redaction on the way in: the kinds of values that are replaced before telemetry is stored."""

from enum import StrEnum


class Redacted(StrEnum):
    """What a value was: the first part of the token that replaces it, as in `email:7f3a9c01d2e44b10`."""

    EMAIL = "email"
    CARD = "card"
    IBAN = "iban"
    TOKEN = "token"  # noqa: S105 - API tokens, session tokens, JSON Web Tokens
    KEY = "key"  # private keys
    PASSWORD = "password"  # noqa: S105 - in URLs, and by its name
    PERSONAL = "personal"  # by the name of its attribute, in the settings
