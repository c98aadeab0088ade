"""Channels beside the product classes: control codes that a line states, chemicals, sentences against list text."""
