"""What is put off at the start still does its work when it is asked."""

from __future__ import annotations

import subprocess
import sys

CHECK = """
import sys, workbench, jsonschema
checks = jsonschema.Draft202012Validator.FORMAT_CHECKER
assert "lark" not in sys.modules, "the grammar was built although nobody asked"
assert checks.conforms("http://例子.中国/客户", "iri")
assert not checks.conforms("no address", "iri")
assert checks.conforms("../客户", "iri-reference")
assert hasattr(sys.modules["rfc3987_syntax"], "parse"), "the real one took its place"
"""


def test_addresses_are_checked_by_the_grammar_although_it_is_not_built_at_the_start():
    subprocess.run([sys.executable, "-c", CHECK], check=True)
