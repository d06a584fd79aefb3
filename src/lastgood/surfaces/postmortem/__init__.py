"""The postmortem as a document: built once, drawn as Markdown, HTML and PDF."""
