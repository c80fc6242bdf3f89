"""A chat bot that carries a government plan through the year."""
