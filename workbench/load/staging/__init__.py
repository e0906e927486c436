"""Sources under their mapping, cast into a database beside the store: typed values, and what is wrong with each row."""
