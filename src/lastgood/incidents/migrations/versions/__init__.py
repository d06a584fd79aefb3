"""One file per step, named for what it does; `revision` and `down_revision` give their order."""
