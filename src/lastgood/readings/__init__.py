"""What questions read from the store: one noun each, shared by several questions."""
