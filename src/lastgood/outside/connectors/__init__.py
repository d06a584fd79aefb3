"""What a team's own systems already hold, fetched read-only for one window: metrics, logs, traces, changes.

A connector asks one system by its documented API and gives the answers as it got them, as named documents. The
sources in `intake/` read them like any other file, so there is one decoder for a format, wherever it came from.
"""
