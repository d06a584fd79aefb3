"""The API: JSON in and out over HTTP."""
