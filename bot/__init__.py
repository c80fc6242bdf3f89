"""A chat bot that carries a government plan through the year."""

import gc

# What is loaded stays: looking for rubbish meanwhile costs a tenth of a cold start.
gc.set_threshold(50_000, 20, 20)
