"""Requests of a scenario, which ship with the drills."""

from lastgood.decoding.scenario.traffic import Traffic

__all__ = ["Traffic"]
