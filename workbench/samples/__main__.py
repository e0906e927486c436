"""`python -m workbench.samples FOLDER [--seed N] [--customers N]`: make a sample company and its answer key."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.samples import CUSTOMER_COUNT, SEED, generate
from workbench.samples.answer_key import write_answer_keys


def main() -> None:
    """Write the files, the mapping and the answer keys in both languages."""
    parser = argparse.ArgumentParser(prog="python -m workbench.samples", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--customers", type=int, default=CUSTOMER_COUNT)
    options = parser.parse_args()
    sample = generate(options.folder, seed=options.seed, customers=options.customers)
    write_answer_keys(sample.folder, sample.facts, seed=options.seed, customers=options.customers)


if __name__ == "__main__":
    main()
