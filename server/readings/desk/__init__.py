"""The desk of validation: the work queue of findings, and edits of final values by people."""
