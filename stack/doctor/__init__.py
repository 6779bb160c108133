"""`simba doctor`: what of an installation works, and what to do where it does not."""
