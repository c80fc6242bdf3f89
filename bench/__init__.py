"""Measurements of the bot: run by hand, never by the tests."""
