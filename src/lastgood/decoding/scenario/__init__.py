"""Scenario: an incident as readable text, made into the rows that its world would have left. For drills and tests."""
