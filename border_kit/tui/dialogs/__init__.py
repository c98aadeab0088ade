"""Dialogs: one question each, answered by keys."""
