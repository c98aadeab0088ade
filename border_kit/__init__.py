"""border_kit: offline checks of shipments at the border."""

__version__ = "0.1.0"
