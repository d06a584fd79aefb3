"""Bytes into batches: what several sources share."""
