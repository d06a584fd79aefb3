"""The shop that breaks on purpose."""
