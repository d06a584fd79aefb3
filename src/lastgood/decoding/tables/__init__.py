"""Delimited text and JSON records, by rule."""
