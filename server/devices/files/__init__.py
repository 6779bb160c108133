"""The inventory as files: CSV, JSON lines and workbooks, in and out."""
