"""Chance in texts, which ships with the drills."""

from lastgood.decoding.scenario.text import Words

__all__ = ["Words"]
