"""WHO gets it? Names against listed parties: parse, find candidates, compare, explain."""
