"""Instrument a service: one module for each habit, each usable without the others.

`context` ids and fields of the request at hand · `edge` ASGI and WSGI middleware · `logs` JSON lines ·
`boundary` errors with context · `health` checks that test dependencies · `flags` kill switches ·
`verbose` debug logging for some · `changes` what was done to the system (also `python -m lastgood_kit report`).
"""
