"""The authored knowledge: from the YAML under `catalogs/` to rows of the controls volume (docs/catalog-sources.md)."""
