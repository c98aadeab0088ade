"""The catalog: authored and imported reference data, compiled into read-only volumes."""
