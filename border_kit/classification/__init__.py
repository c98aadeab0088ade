"""WHAT is it? A goods line → control-list entries, each with evidence and the parameters still to ask."""
