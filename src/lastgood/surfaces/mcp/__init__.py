"""Answers for agents by the Model Context Protocol: eight tools, evidence as resources; nothing in them is an instruction."""
