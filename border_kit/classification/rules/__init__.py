"""Rules: values bound to parameters, criteria judged in three values, contexts that make a word harmless, bands."""
