"""What leaves the workbench as a file: tables as CSV and Excel without live formulas, charts as PNG, SVG and PDF."""

from workbench.export.cells import is_formula_like
from workbench.export.csv_table import write_csv
from workbench.export.images import chart_image
from workbench.export.xlsx_table import write_xlsx

__all__ = ["chart_image", "is_formula_like", "write_csv", "write_xlsx"]
