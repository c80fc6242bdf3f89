"""The doors on HTTP: health and metrics."""
