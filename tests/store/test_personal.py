"""Pseudonyms and masks: nobody can be read off them, and the same customer stays the same."""

from __future__ import annotations

import base64
import hmac

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import StoreError
from workbench.store.personal import create_macros, publish_key

KEY = bytes(range(32))


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        create_macros(con, KEY)
        yield con


def made(con, macro: str, *values: object) -> str | None:
    blanks = ", ".join("?" * len(values))
    return con.execute(f"SELECT {macro}({blanks})", list(values)).fetchall()[0][0]


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张小明", "张**"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳锋", "欧阳*"),
        ("欧阳", "欧*"),
        ("张 三", "张*"),
        ("张三 13800138000", "张**"),
        ("北京华联商厦有限公司", "北**"),
        ("阿依古丽·买买提", "阿**"),
        ("John Smith", "J*** S***"),
        ("  Müller   GmbH ", "M***   G***"),
        ("Émile", "É***"),
        ("김민수", "김***"),
        ("张", "*"),
        ("J", "*"),
        ("", "*"),
        ("   ", "*"),
        ("<script>alert(1)</script>", "<***"),
        (None, None),
    ],
)
def test_a_masked_name_keeps_the_surname_or_the_initials(con, name, masked):
    assert made(con, "mask_name", name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800138000", "138****8000"),
        ("138 0013 8000", "138****8000"),
        ("+86 138-0013-8000", "138****8000"),
        ("0086 13800138000", "138****8000"),
        ("１３８００１３８０００", "138****8000"),
        ("010-62345678", "010****5678"),
        ("62345678", "****78"),
        ("110", "****"),
        ("转 803", "****"),
        ("", "****"),
        (None, None),
    ],
)
def test_a_masked_phone_keeps_three_and_four_digits_of_a_mobile_number(con, phone, masked):
    assert made(con, "mask_phone", phone) == masked


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12))
def test_no_name_of_two_or_more_letters_stands_in_its_mask(name: str):
    with duckdb.connect() as con:
        create_macros(con, KEY)
        masked = made(con, "mask_name", name)
    assert masked.endswith("*")
    assert len(name) == 1 or name not in masked


@given(st.text("0123456789-+ ()", min_size=7, max_size=20).filter(lambda text: sum(c.isdigit() for c in text) >= 7))
def test_a_masked_phone_hides_at_least_four_digits(phone: str):
    with duckdb.connect() as con:
        create_macros(con, KEY)
        masked = made(con, "mask_phone", phone)
    shown = sum(character.isdigit() for character in masked)
    assert shown <= max(0, sum(character.isdigit() for character in phone) - 4)


@pytest.mark.parametrize("value", ["C1", "张三", "", "a" * 1000, "O'Hara", "\\"])
def test_a_pseudonym_is_the_first_sixty_bits_of_the_keyed_hash_in_base_32(con, value: str):
    digest = hmac.digest(KEY, f"customer_id\0{value}".encode(), "sha256")
    assert made(con, "pseudonym", "customer_id", value) == base64.b32hexencode(digest).decode()[:12]


def test_a_customer_and_an_order_of_the_same_number_have_different_pseudonyms(con):
    assert made(con, "pseudonym", "customer_id", "17850") != made(con, "pseudonym", "order_id", "17850")


def test_another_key_gives_other_pseudonyms(con):
    with duckdb.connect() as other:
        create_macros(other, bytes(32))
        assert made(con, "pseudonym", "customer_id", "C1") != made(other, "pseudonym", "customer_id", "C1")


def test_an_unknown_customer_has_no_pseudonym(con):
    assert made(con, "pseudonym", "customer_id", None) is None


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    key = publish_key(tmp_path)
    assert publish_key(tmp_path) == key
    assert len(key) == 32
    assert (tmp_path / "publish.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", ["", "not a key", "ab" * 31])
def test_a_damaged_key_is_not_replaced_in_silence(tmp_path, content: str):
    (tmp_path / "publish.key").write_text(content, encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        publish_key(tmp_path)
    assert caught.value.key == "publish_key_damaged"
    assert "publish.key" in caught.value.words("zh")
