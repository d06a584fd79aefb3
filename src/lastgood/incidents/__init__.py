"""The record of incidents: append-only entries and folds over them."""
