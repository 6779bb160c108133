"""Rule sets of validation and estimation: what is checked, how strictly, and for whom."""
