"""Databases: where they are, what is wanted of them, and their rows as text, batch by batch."""
