"""Quantities as they stand on papers: `640x512`, `0.8um`, `9Hz`, `>=300km`, `1,5 kW`, `8-14 µm`, `-40..85C`, `12K tow`.

Numbers are exact decimals, spans are offsets into the text as it was given. What a notation leaves open stays open: `1,500`
may be fifteen hundred or one and a half, so such a quantity has two readings, and a rule holds only if it holds for both.
"""

from border_kit.classification.quantities.model import Interval, Kind, Quantity
from border_kit.classification.quantities.reader import find_quantities

__all__ = ["Interval", "Kind", "Quantity", "find_quantities"]
