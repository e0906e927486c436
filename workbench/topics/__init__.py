"""The topics, one folder each: `from workbench.topics import pareto` and `pareto.abc_classes(facts)`."""
