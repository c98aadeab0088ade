"""WHAT is it? A goods line → control-list entries, each with evidence and the parameters still to ask.

Small records inside this room are named tuples: a frozen dataclass costs a millisecond when its module is imported, and a single
`classify` has to answer within some twenty starts of a bare Python.
"""
