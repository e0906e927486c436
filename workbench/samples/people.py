"""The company's people: employees, private customers with their cars, company customers with their fleets."""

from __future__ import annotations

from datetime import date, timedelta

from workbench.samples.dice import Dice
from workbench.samples.model import AS_OF, FIRST_DAY, REGIONS, TAXI_GROUP, Customer, Employee
from workbench.samples.names import company_name, person_name, phone_number, plate_number

REGION_WEIGHTS = tuple(zip(REGIONS, (34.0, 27.0, 23.0, 16.0), strict=True))
MODELS = (("星曜A3轿车", 30), ("星曜A5轿车", 22), ("星曜S6越野", 22), ("星曜M8商务", 8), ("星曜E5纯电", 18))
INDUSTRIES = (("物流", 34), ("制造", 24), ("商贸", 24), ("服务", 18))
HABITS = (("忠诚", 34), ("弹性", 38), ("流失", 28))
TIERS = (("普通", 52), ("银卡", 28), ("金卡", 15), ("钻石", 5))
TAXI_BRANCHES = 6
WARRANTY_YEARS = 3
ADVISORS_PER_REGION = 4


def hire(seed: int) -> list[Employee]:
    """Return the employees: per region a manager, service advisors and account managers, and one newcomer."""
    dice = Dice(seed, "employees")
    teams = ("店长",) + ("服务顾问",) * ADVISORS_PER_REGION + ("客户经理",) * 2
    places = [(region, team) for region in REGIONS for team in teams]
    return [
        Employee(
            f"G{number:03d}",
            person_name(dice, dice.pick(("男", "女"))),
            team,
            region,
            date(dice.between(2012, 2021), dice.between(1, 12), dice.between(1, 28)),
        )
        for number, (region, team) in enumerate(places, start=1)
    ]


def newcomer(employees: list[Employee]) -> Employee:
    """Return the advisor who started a few weeks ago and has hardly been rated."""
    return Employee(f"G{len(employees) + 1:03d}", "周晓晨", "服务顾问", "城西", date(2025, 11, 3))


def recruit(seed: int, count: int, employees: list[Employee]) -> list[Customer]:
    """Return `count` customers in the order of their registration, numbered from 000101 on."""
    dice = Dice(seed, "customers")
    phones: set[str] = set()
    names: set[str] = set()
    company_count = count // 24
    taxi_cars = max(1, count // 320)
    customers = [_taxi_branch(dice, branch, taxi_cars, phones) for branch in range(1, TAXI_BRANCHES + 1)]
    customers += [_company(dice, names, phones) for _ in range(company_count)]
    customers += [_person(dice, phones) for _ in range(count - len(customers))]
    customers.sort(key=lambda customer: (customer.registered_on, customer.phone))
    for number, customer in enumerate(customers, start=101):
        customer.customer_id = f"{number:06d}"
        customer.plate = plate_number(dice, number)
        staff = [employee for employee in employees if employee.region == customer.region]
        customer.owner = dice.pick([employee.employee_id for employee in staff if employee.team == "客户经理"])
        customer.advisor = dice.pick([employee.employee_id for employee in staff if employee.team == "服务顾问"])
    return customers


def _person(dice: Dice, phones: set[str]) -> Customer:
    """Return a private customer; six in a hundred drive for a ride-hailing platform."""
    gender = dice.weighted((("男", 63), ("女", 37)))
    for_hire = dice.chance(0.06)
    bought_on, registered_on = _car_dates(dice)
    return Customer(
        customer_id="",
        name=person_name(dice, gender),
        customer_type="个人",
        gender=gender,
        birthday=date(dice.middling(1955, bought_on.year - 18), dice.between(1, 12), dice.between(2, 28)),
        phone=phone_number(dice, phones),
        region=dice.weighted(REGION_WEIGHTS),
        industry="网约车" if for_hire else "",
        tier=dice.weighted(TIERS),
        owner="",
        advisor="",
        registered_on=registered_on,
        car_model=dice.weighted(MODELS),
        plate="",
        bought_on=bought_on,
        warranty_until=date(bought_on.year + WARRANTY_YEARS, bought_on.month, bought_on.day),
        usage="营运" if for_hire else "非营运",
        car_count=1,
        km_per_year=dice.middling(55_000, 90_000) if for_hire else dice.middling(6_000, 24_000),
        habit=dice.weighted(HABITS),
    )


def _company(dice: Dice, names: set[str], phones: set[str]) -> Customer:
    """Return a company with a few cars, or now and then with many."""
    customer = _person(dice, phones)
    industry = dice.weighted(INDUSTRIES)
    customer.name = company_name(dice, industry, names)
    customer.customer_type, customer.industry = "企业", industry
    customer.gender, customer.birthday = "", None
    customer.usage = "营运" if industry == "物流" else "非营运"
    customer.car_count = dice.between(10, 26) if dice.chance(0.18) else dice.between(2, 8)
    customer.km_per_year = dice.middling(22_000, 48_000)
    customer.car_model = "星曜V3货车" if industry == "物流" else customer.car_model
    customer.habit = dice.weighted((("忠诚", 60), ("弹性", 32), ("流失", 8)))
    return customer


def _taxi_branch(dice: Dice, branch: int, cars: int, phones: set[str]) -> Customer:
    """Return one branch of the taxi group: many cars, many kilometres, always served here."""
    customer = _company(dice, set(), phones)
    customer.name = f"{TAXI_GROUP}第{'一二三四五六'[branch - 1]}分公司"
    customer.industry, customer.usage, customer.habit = "出租车", "营运", "忠诚"
    customer.region = REGIONS[branch % 3]
    customer.car_model, customer.car_count, customer.km_per_year = (
        "星曜A3轿车",
        cars + dice.between(0, cars // 2),
        90_000,
    )
    customer.bought_on, customer.registered_on = date(2020, 3, 16), date(2020, 3, 10 + branch)
    customer.warranty_until = date(2023, 3, 16)
    return customer


def _car_dates(dice: Dice) -> tuple[date, date]:
    """Return when the car was bought and when the customer was registered here, bought elsewhere or not."""
    if dice.chance(0.55):
        bought_on = date(2016, 1, 4) + timedelta(days=dice.between(0, (FIRST_DAY - date(2016, 1, 4)).days - 1))
    else:
        bought_on = FIRST_DAY + timedelta(days=dice.between(0, (AS_OF - FIRST_DAY).days - 20))
    if bought_on.month == 2:
        bought_on = bought_on.replace(day=min(bought_on.day, 28))
    if dice.chance(0.18):
        return bought_on, bought_on + timedelta(days=dice.between(0, (AS_OF - bought_on).days))
    return bought_on, bought_on
