"""Words of a goods line: tokens with offsets, light stems, clauses and their roles, spelling."""
