"""Documents: what a file holds, as blocks of text."""
