"""What the invented company consists of, and the days its story turns on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

COMPANY = "启程汽车服务集团"
FIRST_DAY = date(2022, 1, 1)
AS_OF = date(2025, 12, 18)
"""The company's today: December 2025 has 18 days of data and is not over."""

REGIONS = ("城东", "城西", "城南", "滨江")
LEAVING_REGION = "滨江"
LEAVING_FROM = date(2024, 9, 1)
"""Who comes to this region's shop for the first time on or after this day never comes again."""

PRICE_RISE = date(2024, 7, 1)
CHECKOUT_CHANGE = date(2024, 4, 1)
"""Since this day customers are unhappy with paying and picking up the car."""

TAXI_GROUP = "启明星出租汽车集团"


@dataclass
class Employee:
    employee_id: str
    name: str
    team: str
    region: str
    hired_on: date


@dataclass
class Customer:
    """A person or a company, and the car (or the fleet) it brings to the shop."""

    customer_id: str
    name: str
    customer_type: str
    gender: str
    birthday: date | None
    phone: str
    region: str
    industry: str
    tier: str
    owner: str
    advisor: str
    registered_on: date
    car_model: str
    plate: str
    bought_on: date
    warranty_until: date
    usage: str
    car_count: int
    km_per_year: int
    habit: str
    in_archive: bool = True


@dataclass(frozen=True)
class Product:
    product_id: str
    name: str
    category: str
    price: int
    """List price in fen before PRICE_RISE."""
    price_after: int
    cost: int

    def price_on(self, day: date) -> int:
        """Return the list price of the day, in fen."""
        return self.price if day < PRICE_RISE else self.price_after


@dataclass
class OrderLine:
    """One line of an order. Money is in fen; refunds have a negative quantity and amount."""

    customer: Customer | None
    day: date
    product: Product
    quantity: int
    unit_price: int
    amount: int
    cost: int
    region: str
    advisor: str
    channel: str
    visit: int
    """Lines of one visit share an order number; the number itself is written in when all visits are known."""
    order_id: str = ""
    status: str = "已结算"

    @property
    def counts(self) -> bool:
        """Whether the line's money counts: not cancelled."""
        return self.status != "作废"


@dataclass
class SurveyAnswer:
    """One response to one questionnaire: scores by item, exactly as they were typed in."""

    response_id: str
    customer: Customer
    day: date
    touchpoint: str
    scores: dict[str, str]
    employee_id: str = ""
    weight: str = ""


@dataclass
class Complaint:
    complaint_id: str
    customer: Customer
    day: date
    closed_on: date | None
    category: str
    touchpoint: str
    channel: str
    severity: str
    employee_id: str
    narrative: str


@dataclass
class Contact:
    """One call, message or movement of points."""

    contact_id: str
    customer: Customer
    day: date
    kind: str
    channel: str
    touchpoint: str
    employee_id: str
    points: int = 0
    note: str = ""


@dataclass
class SampleCompany:
    """Everything that is known of the company on AS_OF, before an export makes a mess of it."""

    employees: list[Employee]
    customers: list[Customer]
    products: tuple[Product, ...]
    lines: list[OrderLine] = field(default_factory=list)
    follow_ups: list[SurveyAnswer] = field(default_factory=list)
    recommendations: list[SurveyAnswer] = field(default_factory=list)
    servqual: list[SurveyAnswer] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    points: list[Contact] = field(default_factory=list)
