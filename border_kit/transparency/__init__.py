"""Transparency: what an office publishes of its work, so that nobody can be told from it."""
