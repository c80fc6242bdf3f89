"""How the schema grows: Alembic's environment and one file for each revision.

`bot migrate` runs it. After a change of `bot/model/`, `python -m bot.migrations
"what changes"` writes the next revision, to be read and completed by hand; its id
goes to the end of `REVISIONS` in `bot/database.py`.
"""
