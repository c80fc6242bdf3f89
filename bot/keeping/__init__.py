"""Keeping the office: backups of its file, and copies of it on another database."""
