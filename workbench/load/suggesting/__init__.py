"""A mapping suggested from a look at the files, with a question for everything they do not settle."""
