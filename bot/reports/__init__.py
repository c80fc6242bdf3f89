"""What is due when, who is nudged about it, and how each department stands."""
