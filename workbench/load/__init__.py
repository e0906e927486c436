"""Load files and databases: read as text, map to the canonical tables, clean by stated rules, check, store."""

from workbench.load.ingest import check, load
from workbench.load.mapping.analyst_answers import answered
from workbench.load.mapping.company import Company
from workbench.load.mapping.company_mapping import Mapping
from workbench.load.mapping.source_mapping import Attribute, Cancelled, Item, SourceMapping
from workbench.load.problems import Problem
from workbench.load.progress import Progress
from workbench.load.questions import Question
from workbench.load.reading.databases.database import Database
from workbench.load.reading.read import read_text_table
from workbench.load.reading.text_table import TextTable
from workbench.load.removal import remove
from workbench.load.reporting.file_report import FileReport
from workbench.load.reporting.report import LoadReport
from workbench.load.suggesting.suggest import suggest_mapping

__all__ = [
    "Attribute",
    "Cancelled",
    "Company",
    "Database",
    "FileReport",
    "Item",
    "LoadReport",
    "Mapping",
    "Problem",
    "Progress",
    "Question",
    "SourceMapping",
    "TextTable",
    "answered",
    "check",
    "load",
    "read_text_table",
    "remove",
    "suggest_mapping",
]
