"""What leaves the workbench as a file: tables as CSV and Excel, charts as pictures, pages as PDF, PowerPoint, Excel."""

from workbench.export.cells import is_formula_like
from workbench.export.csv_table import write_csv
from workbench.export.images import chart_image
from workbench.export.pdf_report import pdf_report
from workbench.export.slides import slides_report
from workbench.export.workbook import workbook_report
from workbench.export.xlsx_table import TableSheet, write_xlsx

__all__ = [
    "TableSheet",
    "chart_image",
    "is_formula_like",
    "pdf_report",
    "slides_report",
    "workbook_report",
    "write_csv",
    "write_xlsx",
]
