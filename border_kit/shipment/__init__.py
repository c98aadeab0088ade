"""Shipments: the model that every engine reads, and the readers that make it from files."""
