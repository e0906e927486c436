"""What publishing does to personal values: keyed pseudonyms, masked names and phones, written as DuckDB macros."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import duckdb

from workbench.errors import StoreError

KEY_BYTES = 32
BLOCK_BYTES = 64
"""The block of SHA-256, to which HMAC pads its key."""

COMPOUND_SURNAMES = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|司空|夏侯|端木|南宫|独孤|轩辕|百里|东郭|西门"
)

MACROS = """
CREATE TEMP MACRO pseudonym(domain, value) AS
    to_base(('0x' || left(
        sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || encode(domain || chr(0) || value)))), 15
    ))::BIGINT, 32, 12);
CREATE TEMP MACRO surname(name) AS
    left(name, CASE WHEN length(name) > 2 AND regexp_matches(name, '^({surnames})') THEN 2 ELSE 1 END);
CREATE TEMP MACRO mask_chinese(name) AS
    surname(name) || repeat('*', least(length(name) - length(surname(name)), 2));
CREATE TEMP MACRO mask_name(name) AS
    CASE
        WHEN length(regexp_replace(name, '\\s', '', 'g')) < 2 THEN '*'
        WHEN regexp_matches(trim(name), '^\\p{{Han}}') THEN mask_chinese(regexp_replace(name, '\\s', '', 'g'))
        ELSE regexp_replace(trim(name), '(\\S)\\S*', '\\1***', 'g')
    END;
CREATE TEMP MACRO digits(phone) AS
    regexp_replace(translate(phone, '０１２３４５６７８９', '0123456789'), '[^0-9]', '', 'g');
CREATE TEMP MACRO mask_digits(digits) AS
    CASE
        WHEN digits IS NULL THEN NULL
        WHEN length(digits) >= 11 THEN left(digits, 3) || '****' || right(digits, 4)
        WHEN length(digits) >= 8 THEN '****' || right(digits, 2)
        ELSE '****'
    END;
CREATE TEMP MACRO mask_phone(phone) AS
    mask_digits(regexp_replace(digits(phone), '^(00)?86(1\\d{{10}})$', '\\2'));
"""
"""`pseudonym` is HMAC-SHA256, its first 60 bits in base 32: the same value has the same pseudonym in every table and
publication of a store, and nobody without the key can try names out. A million customers collide with odds of 4 to
ten million. `mask_name` keeps a Chinese surname (张*, 欧阳**) or the initials of other names (J*** S***)."""


def create_macros(con: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Give the connection the macros; they are temporary, so neither they nor the key reach the file."""
    padded = key.ljust(BLOCK_BYTES, b"\0")
    con.execute(
        MACROS.format(
            outer=bytes(byte ^ 0x5C for byte in padded).hex(),
            inner=bytes(byte ^ 0x36 for byte in padded).hex(),
            surnames=COMPOUND_SURNAMES,
        )
    )


def publish_key(store: Path) -> bytes:
    """Read the store's key for pseudonyms, or make it the first time. Call with the writer's lock held.

    Whoever has it can find a customer's pseudonym; without it the pseudonyms of the next publication are all new.
    """
    path = store / "publish.key"
    if not path.exists():
        draft = path.with_name("publish.key.part")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise StoreError("publish_key_damaged", file=path)
    return key
