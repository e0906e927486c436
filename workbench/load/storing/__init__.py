"""Staged sources put into the store's tables: good rows, rejects, counts, and what is to be said of them."""
