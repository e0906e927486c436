"""CRM Workbench: load a company's customer data, ask who carries the business and how satisfied they are, and show it."""
