"""What a diff does: unified diffs read, and typed effects recognised in them, over languages, config and SQL."""
