#!/usr/bin/env python3
"""Makes tests/vectors/amounts: lines and their three amounts, worked out here with Python's own decimals.

    python3 tests/vectors/amounts.py            rewrites the files in place
    python3 tests/vectors/amounts.py --check    compares only; exits 1 and names what differs

It shares no code with the library on purpose. Every case is [without tax, tax, with tax], or the member that is at
fault. Python 3.9 or later, standard library only.
"""

import json, pathlib, sys
from decimal import ROUND_HALF_UP, Decimal, getcontext

HERE = pathlib.Path(__file__).resolve().parent / "amounts"
CENT = Decimal("0.01")
getcontext().prec = 100


def cents(number):
    return number.quantize(CENT, rounding=ROUND_HALF_UP)


def worked_out(line):
    """The amounts by rules R8, R10 and R11, each formula as it stands there."""
    amount = {name: Decimal(line[name]) if line.get(name) else None for name in
              ("taxExcludedAmount", "tax", "taxIncludedAmount")}
    excluded, tax, included = amount.values()
    given = sum(value is not None for value in amount.values())
    if given < 2:
        if not excluded and not included:
            base = cents(Decimal(line["price"]) * Decimal(line["num"]))
            if line["withTaxFlag"] == "1":
                included = base
            else:
                excluded = base
        if tax is None:
            tax = tax_of(line, excluded, included)
    if excluded is None:
        excluded = included - tax
    if tax is None:
        tax = included - excluded
    if included is None:
        included = excluded + tax
    # Nothing is never negative.
    return [str(cents(value) + 0) for value in (excluded, tax, included)]


def tax_of(line, excluded, included):
    rate = Decimal(line["taxRate"])
    deduction = abs(Decimal(line.get("deduction") or 0))
    if (included if excluded is None else excluded) < 0:
        deduction = -deduction
    reduced = line.get("favouredPolicyFlag") == "10"
    if excluded is None:
        base = included - deduction
        exact = base / Decimal("1.05") * Decimal("0.015") if reduced else base / (1 + rate) * rate
        # A quotient of endless places must not become a tie by being cut: the tie is decided on whole numbers.
        above, below = (base * Decimal("0.015"), Decimal("1.05")) if reduced else (base * rate, 1 + rate)
        return half_up(above, below, exact)
    base = excluded - deduction
    if reduced:
        return half_up(base * Decimal("0.015"), Decimal("1.035"), base * Decimal("0.015") / Decimal("1.035"))
    return cents(base * rate)


def half_up(above, below, near):
    """above / below to the cent, exactly: the cent whose distance, times below, is at most half a cent."""
    down = (abs(near) / CENT).to_integral_value(rounding="ROUND_FLOOR") * CENT
    for guess in (down - CENT, down, down + CENT):
        distance = abs(above) - guess * below
        if -below * CENT / 2 < distance <= 0 or 0 <= distance < below * CENT / 2:
            return guess.copy_sign(above) if guess else guess.copy_abs().quantize(CENT)
        if distance == below * CENT / 2:
            return (guess + CENT).copy_sign(above)
    raise AssertionError((above, below))


RATES = ["0.13", "0.09", "0.06", "0.05", "0.04", "0.03", "0.015", "0.01", "0", "0.17", "0.16", "0.11", "0.10"]
AMOUNTS = ["0.01", "0.02", "0.05", "0.13", "0.99", "1.00", "1.06", "9.99", "33.33", "88.88", "100.00", "101.00",
           "113.00", "200.00", "999.99", "1234.56", "99999.99", "123456789.01", "999999999999.99"]


def included(amount, rate, **more):
    return {"withTaxFlag": "1", "taxIncludedAmount": amount, "taxRate": rate, **more}


def excluded(amount, rate, **more):
    return {"withTaxFlag": "0", "taxExcludedAmount": amount, "taxRate": rate, **more}


def priced(flag, price, num, rate, **more):
    return {"withTaxFlag": flag, "price": price, "num": num, "taxRate": rate, **more}


def negative(amount):
    return "-" + amount


def files():
    both = lambda make: [make(sign(a), r) for a in AMOUNTS for r in RATES for sign in (str, negative)]
    yield "R8-from-the-amount-with-tax", "From the amount with tax: tax = amount ÷ (1 + rate) × rate", both(included)
    yield "R8-from-the-amount-without-tax", "From the amount without tax: tax = amount × rate", both(excluded)
    prices = ["0.01", "0.3", "3.50000000", "0.94339623", "19.99", "58.00", "0.00000001", "12345678.12345678",
              "0.005", "1.005", "2.675", "0.0049999999"]
    nums = ["1", "2", "3", "0.5", "100.0000", "0.33333333", "-1", "-2.50", "1000000"]
    yield "R8-from-price-and-quantity", "From price and quantity, with and without tax in the price", [
        priced(flag, p, n, r) for flag in "01" for p in prices for n in nums for r in ("0.13", "0.06", "0.03")]
    yield "R8-the-third-of-two", "The third amount is a sum or a difference", [
        {"taxExcludedAmount": "0.88", "tax": "0.12", "taxRate": "0.13"},
        {"taxExcludedAmount": "100", "taxIncludedAmount": "113.00"},
        {"tax": "-7.80", "taxIncludedAmount": "-67.80", "taxRate": "0.13"},
        {"taxExcludedAmount": "0.10", "tax": "0.20"},
        priced("1", "50.50", "2", "0.13", tax="11.61"),
        priced("0", "50.50", "2", "0.13", tax="13.10"),
        {"taxExcludedAmount": "176.99", "tax": "23.01", "taxIncludedAmount": "200.00", "taxRate": "0.13"},
    ]
    deductions = ["0", "0.00", "50.00", "0.01", "88.88"]
    yield "R10-a-deduction", "A deduction is taken off before tax", [
        make(sign(a), r, deduction=d) for make in (included, excluded) for a in ("88.88", "100.00", "113.00", "1234.56")
        for r in ("0.13", "0.06", "0.05") for d in deductions for sign in (str, negative)]
    yield "R11-five-percent-reduced-to-one-and-a-half", "5 % reduced to 1.5 %", [
        make(sign(a), "0.015", favouredPolicyFlag="10") for make in (included, excluded) for a in AMOUNTS
        for sign in (str, negative)]
    yield "numbers-as-tokens", "Bare numbers keep their digits", [
        {"withTaxFlag": 1, "price": Raw("3.50000000"), "num": Raw("100.0000"), "taxRate": Raw("0.09")},
        {"withTaxFlag": 0, "price": Raw("10.5"), "num": 1, "taxRate": Raw("0.06")},
        {"withTaxFlag": "1", "price": "0.943396226415100000", "num": "-1.000000000000000000", "taxRate": "0.06"},
    ]


# What can't be worked out, by hand: the member at fault.
FAULTS = [
    ({"withTaxFlag": "1", "taxRate": "0.13"}, "price"),
    ({"withTaxFlag": "1", "price": "1", "taxRate": "0.13"}, "num"),
    ({"price": "1", "num": "1", "taxRate": "0.13"}, "withTaxFlag"),
    ({"withTaxFlag": "1", "price": "1", "num": "1"}, "taxRate"),
    ({"withTaxFlag": "1", "price": "1", "num": "1", "taxRate": "13"}, "taxRate"),
    ({"withTaxFlag": "1", "price": "1", "num": "1", "taxRate": "13%"}, "taxRate"),
    ({"withTaxFlag": "1", "price": "1", "num": "1", "taxRate": "-0.13"}, "taxRate"),
    ({"withTaxFlag": "1", "price": "1e3", "num": "1", "taxRate": "0.13"}, "price"),
    ({"withTaxFlag": "1", "price": "1", "num": "一", "taxRate": "0.13"}, "num"),
    ({"taxIncludedAmount": "1.001", "taxRate": "0.13"}, "taxIncludedAmount"),
    ({"taxIncludedAmount": "1元", "taxRate": "0.13"}, "taxIncludedAmount"),
    ({"taxExcludedAmount": "1.00", "tax": "0.13", "taxIncludedAmount": "1.14", "taxRate": "0.13"}, "taxIncludedAmount"),
    ({"taxIncludedAmount": "100.00", "taxRate": "0.06", "deduction": "100.01"}, "deduction"),
]


class Raw(str):
    """A number as it is written."""


def written(value):
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)}: {written(v)}" for k, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def text(title, cases):
    rows = ",\n".join(f'  {{ "line": {written(line)}, {outcome} }}' for line, outcome in cases)
    return f'{{\n "title": {written(title)},\n "source": "tests/vectors/amounts.py",\n "cases": [\n{rows}\n ]\n}}\n'


def main():
    made = {name: text(title, [(line, f'"amounts": {json.dumps(worked_out({k: str(v) for k, v in line.items()}))}')
                               for line in lines if fits(line)])
            for name, title, lines in files()}
    made["what-cannot-be-worked-out"] = text(
        "What can't be worked out, by the member at fault", [(line, f'"fault": {json.dumps(at)}') for line, at in FAULTS])
    checked, wrong = "--check" in sys.argv, 0
    for name, content in made.items():
        path = HERE / f"{name}.json"
        if checked and (not path.exists() or path.read_text() != content):
            print(f"{path.name} is not as it would be made")
            wrong += 1
        elif not checked:
            HERE.mkdir(exist_ok=True)
            path.write_text(content)
    print(f"{len(made) - wrong} passed, {wrong} failed" if checked else f"{len(made)} files")
    return 1 if wrong else 0


def fits(line):
    """Not more deducted than there is."""
    amount = line.get("taxIncludedAmount") or line.get("taxExcludedAmount")
    return not amount or abs(Decimal(str(line.get("deduction") or 0))) <= abs(Decimal(amount))


if __name__ == "__main__":
    sys.exit(main())
