"""The derived index of a parties volume: which listed names have a word that could be the one asked for.

One SQLite file, written once, opened in milliseconds, nothing loaded whole. Every alias is a name of its own; ended names are
kept and left out when the question is asked, so that any day can be asked for. `layout` says how the file is laid out, `keys`
under what a word is found, `prepared` how a name is kept ready for comparing, `build` and `update` make the file.
"""
