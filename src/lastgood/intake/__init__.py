"""Data comes in: one file per source. A source recognises its files and decodes them into batches."""
