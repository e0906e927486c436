"""From bytes to a table of text: what a file is, how it is encoded and laid out, and where each row came from."""
