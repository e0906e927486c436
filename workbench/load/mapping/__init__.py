"""What a company's headers mean: the mapping and its TOML file, the header dictionary, the analyst's answers."""
