"""The roof: opens, joins and closes everything; nobody else knows everybody."""

from bot.app.office import App, asker_of

__all__ = ["App", "asker_of"]
