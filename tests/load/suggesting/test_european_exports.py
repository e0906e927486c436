"""German, French and Spanish exports: proposed by their headers; decimal commas, days and statuses read right."""

# ruff: noqa: E501 - headers as the systems write them
from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from workbench.load import answered, load, suggest_mapping
from workbench.load.mapping.header_dictionary import meanings
from workbench.store import open_store

GERMAN = """Bestellnummer;Kundennummer;Bestelldatum;Betrag;Menge;Zahlungsstatus
B1;K1;05.01.2024;1.234,50;2;bezahlt
B2;K2;06.01.2024;50,00;1;storniert
B3;K1;17.02.2024;9,90;1;bezahlt
Gesamtsumme;;;1.294,40;;
"""
GERMAN_LINES = """Rechnungs-Nr.;Kunde;Rechnungsdatum;Artikelnummer;Anzahl;Einzelpreis;Erstattungsbetrag
R1;K1;05.01.2024;A1;2;10,50;0,00
R2;K2;25.01.2024;A2;1;1.050,00;0,00
R3;K1;17.02.2024;A1;3;10,50;1,50
"""
FRENCH = """Numéro de commande;Client;Date de commande;Montant TTC;Quantité;Montant remboursé;Statut
C1;K1;05/01/2024;1 234,50;2;0,00;Terminée
C2;K2;26/01/2024;50,00;1;0,00;Annulée
C3;K1;17/02/2024;9,90;1;2,00;Terminée
"""
FRENCH_WITHOUT_ACCENTS = FRENCH.replace("é", "e")
SPANISH = """Número de pedido;Cliente;Fecha;Importe;Cantidad;Estado
P1;K1;05/01/2024;1.234,50;2;Completado
P2;K2;26/01/2024;50,00;1;Cancelado
P3;K1;17/02/2024;9,90;1;Pagado
"""


@pytest.mark.parametrize(
    ("text", "asked_about", "paid", "days"),
    [
        (GERMAN, {"date_order", "decimal_comma"}, {"K1": "1244.40"}, ["2024-01-05", "2024-02-17"]),
        (GERMAN_LINES, {"date_order", "decimal_comma", "refund_column"}, {"K1": "51.00", "K2": "1050.00"}, ["2024-01-05", "2024-01-25", "2024-02-17"]),
        (FRENCH, {"date_order", "decimal_comma", "refund_column"}, {"K1": "1242.40"}, ["2024-01-05", "2024-02-17"]),
        (FRENCH_WITHOUT_ACCENTS, {"date_order", "decimal_comma", "refund_column"}, {"K1": "1242.40"}, ["2024-01-05", "2024-02-17"]),
        (SPANISH, {"date_order", "decimal_comma"}, {"K1": "1244.40"}, ["2024-01-05", "2024-02-17"]),
    ],
)  # fmt: skip
def test_sales_are_proposed_and_every_figure_is_right(text, asked_about, paid, days, write, store):
    path = write(*text.splitlines(), name="export.csv", header="")
    mapping, keys = suggest_mapping(path), set()
    while mapping.questions:
        question = mapping.questions[0]
        keys.add(question.key)
        assert question.facts["suggested"], "each has an answer that is suggested"
        mapping = answered(mapping, question, str(question.facts["suggested"]))
    assert keys == asked_about
    report = load(path, store=store, mapping=mapping, today=date(2026, 1, 1))
    assert report.rows_rejected == 0
    with open_store(store) as opened:
        lines = opened.transactions.filter(~opened.transactions.is_cancelled)
        sums = opened.collect(lines.group_by("customer_id").aggregate(cents=(lines.amount * 100).cast("int64").sum()))
        kept = opened.collect(lines.order_by("source_line"))["day"]
    assert {who: Decimal(cents) / 100 for who, cents in sums.itertuples(index=False)} == {
        who: Decimal(money) for who, money in paid.items()
    }
    assert [str(day.date()) for day in kept] == days


def test_customers_and_articles_are_proposed_too(write):
    customers = write(
        "K1;Acme;Weg 1;Berlin;a@x.de",
        "K2;Beta;Allee 2;Bonn;b@x.de",
        header="Kundennummer;Firma;Straße;Ort;E-Mail",
        name="a.csv",
    )
    articles = write(
        "A1;Tasse;Küche;9,90",
        "A2;Topf;Küche;1.250,00",
        header="Artikelnummer;Bezeichnung;Warengruppe;Preis",
        name="b.csv",
    )
    tables = {path.name: suggest_mapping(path).sources[0] for path in (customers, articles)}
    assert (tables["a.csv"].table, tables["b.csv"].table) == ("customers", "products")
    assert set(tables["a.csv"].columns.values()) == {"customer_id", "name", "address", "city", "email"}
    assert set(tables["b.csv"].columns.values()) == {"product_id", "product_name", "category", "unit_price"}


@pytest.mark.parametrize("header", ["NUMERO DE COMMANDE", "numéro de commande", "Numéro_de_commande"])
def test_accents_and_case_of_a_header_do_not_matter(header: str):
    assert ("transactions", "order_id") in {(one.table, one.column) for one in meanings(header)}
