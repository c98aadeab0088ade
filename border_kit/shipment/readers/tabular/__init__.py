"""Tables: CSV and workbooks."""
