"""The desk: composes the answers of all rooms into one assessment. The faces talk to it alone."""
