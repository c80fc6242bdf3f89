"""Mail: what comes in is kept, what goes out arrives once."""
