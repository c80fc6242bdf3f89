"""Plans: what is to be done, and by whom."""
