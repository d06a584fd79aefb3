"""Predictions: what must be measured if a hypothesis is right, as a small language, and the verdict on what was."""
