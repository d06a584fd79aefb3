"""The use cases: one verb per file, and the only door for every surface."""
