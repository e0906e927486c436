"""The language of rules: conditions on customers, tables of score ranges, what they leave open, and what is shipped."""
