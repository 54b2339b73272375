#!/usr/bin/env python3
"""Writes documents.json: tricky JSON documents with the values that Python's json module finds in them.

A value is [path, type, what]: the number of elements of a list, the text and its number of characters, the double
in hexadecimal and what is special about how it was written. Run without arguments; the same file comes out each time.
"""
import json
import os
import random
import sys

sys.set_int_max_str_digits(0)
rng = random.Random(8259)


class Number:
    def __init__(self, literal):
        self.literal = literal


class Pairs(list):
    pass


def parse(text):
    return json.loads(text, object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=Number)


def plain(name):
    return name not in ("", "$") and not any(ord(c) < 0x20 or c in ".[]\"\x7f" for c in name)


def escaped(name):
    out = ""
    for c in name:
        if c in "\"\\":
            out += "\\" + c
        elif ord(c) < 0x20 or c == "\x7f":
            out += "\\u%04x" % ord(c)
        else:
            out += c
    return out


def clean(text):
    return "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 else c for c in text)


def member(owner, name):
    if not plain(name):
        return owner + '["' + escaped(name) + '"]'
    return name if owner == "$" else owner + "." + name


def number(literal):
    value = float(literal.replace("Infinity", "inf"))
    digits = literal.lower().split("e")[0]
    integer = literal.lstrip("-").isdigit()
    kind = "real"
    if "N" in literal:
        kind = "nan"
    elif "I" in literal:
        kind = "infinity"
    elif value in (float("inf"), float("-inf")):
        kind = "overflow"
    elif integer:
        kind = "integer" if abs(int(literal)) <= 2**53 else "largeInteger"
    elif value == 0 and any(c in "123456789" for c in digits):
        kind = "underflow"
    return [value.hex(), kind]


def flatten(value, path, out):
    if isinstance(value, Pairs):
        out.append([path, "object"])
        for name, inner in value:
            flatten(inner, member(path, clean(name)), out)
    elif isinstance(value, list):
        out.append([path, "list", len(value)])
        for index, inner in enumerate(value):
            flatten(inner, "%s[%d]" % (path, index), out)
    elif isinstance(value, str):
        out.append([path, "text", clean(value), len(value)])
    elif isinstance(value, Number):
        out.append([path, "number"] + number(value.literal))
    else:
        out.append([path, {True: "true", False: "false", None: "null"}[value]])
    return out


NUMBERS = """0 -0 -0.0 0.0 0e0 -0e-5 0E+7 1 -1 9 10 99999999 100000000 12345678 -12345678 123456789 9007199254740991
9007199254740992 9007199254740993 -9007199254740993 18446744073709551615 18446744073709551616 123456789012345678901
1e5 1E5 1e+5 1e-5 1.5 -1.5 0.1 0.2 0.30000000000000004 3.141592653589793238462643383279 1e22 1e23 1.7976931348623157e308
1.7976931348623158e308 1.7976931348623159e308 1e308 1e309 -1e309 1e999 -1e999 4.9e-324 5e-324 2.4703282292062327e-324
2.4703282292062328e-324 2e-324 1e-999 -1e-999 2.2250738585072014e-308 2.2250738585072011e-308 1e00005 1.0000000000000002
0.000000000000000000000000000000000000001 8.5e-8 NaN Infinity -Infinity 1e-7 100000000000000000000000
9223372036854775807 -9223372036854775808 6.02214076e23 5e-1 0.5e1 1.00000000000000011102230246251565404""".split()
PIECES = ["a", "b", "Z", " ", "0", "/", "\u00e9", "\u00df", "\u20ac", "\u4e2d", "\u6587", "\U0001f600", "\U0010ffff",
          "\u2028", "\ufeff", "\x7f", "e\u0301", "\\n", "\\r", "\\t", "\\b", "\\f", "\\/", '\\"', "\\\\",
          "\\u0000", "\\u001f", "\\u0041", "\\u00e9", "\\u20AC", "\\uD83D\\uDE00", "\\ud83d\\ude00", "\\ud800",
          "\\udc00", "\\ud800\\ud800", "\\udbff\\udfff", "\\ud800a", "\\ud800\\n", "\\udc00\\ud800", "[", "]", "{",
          "}", ",", ":", "'", "$", ".", "x" * 15, "y" * 16, "z" * 17, "\u00e9" * 9]
NAMES = ["a", "b", "c", "id", "text", "score", "meta", "a.b", "$", "", "a[0]", "\\u0061", "a\\\"b", "a\\\\b", "a\\b",
         "\\ud83d\\ude00", "\U0001f600", "\u00e9", "\\u00e9", "tab\\t", "\\u0000", "\\ud800", " ",
         "a_name_of_16_byt", "a_name_of_15_by", "a_name_of_17_byte", "a_much_longer_name_than_any_vector_is_wide_0",
         "a_much_longer_name_than_any_vector_is_wide_1", "a_nam"]


def space():
    return rng.choice(["", "", "", " ", "  ", "\t", "\n", "\r\n", " \n\t "])


def text():
    return '"' + "".join(rng.choice(PIECES) for _ in range(rng.choice([0, 1, 2, 3, 8, 20]))) + '"'


def digits():
    whole = rng.choice(["0", str(rng.randrange(1, 10 ** rng.choice([1, 3, 8, 17, 19, 20, 40])))])
    fraction = rng.choice(["", "", "." + "".join(rng.choice("0123456789") for _ in range(rng.choice([1, 5, 17, 30])))])
    exponent = rng.choice(["", "", rng.choice("eE") + rng.choice(["", "+", "-"]) + str(rng.randrange(330))])
    return rng.choice(["", "-"]) + whole + fraction + exponent


def scalar():
    return rng.choice([text, text, digits, lambda: rng.choice(NUMBERS), lambda: str(rng.randrange(50000)),
                       lambda: rng.choice(["true", "false", "null"])])()


def numbers():
    small = [str(rng.choice([1, -1]) * rng.randrange(10 ** rng.randrange(1, 9))) for _ in range(rng.randrange(1, 90))]
    for _ in range(rng.choice([0, 0, 1, 3])):
        small[rng.randrange(len(small))] = scalar()
    return "[" + rng.choice([",", ", ", " , ", ",\n"]).join(small) + "]"


def value(depth):
    if depth == 0 or rng.random() < 0.3:
        return scalar()
    if rng.random() < 0.2:
        return numbers()
    if rng.random() < 0.4:
        inner = [value(depth - 1) for _ in range(rng.randrange(5))]
        return "[" + space() + (space() + "," + space()).join(inner) + space() + "]"
    inner = ['"' + rng.choice(NAMES) + '"' + space() + ":" + space() + value(depth - 1) for _ in range(rng.randrange(6))]
    return "{" + space() + (space() + "," + space()).join(inner) + space() + "}"


def main():
    documents = ["[" + literal + "]" for literal in NUMBERS] + ['"' + piece + '"' for piece in PIECES]
    documents += ['{"' + name + '":' + literal + "}" for name, literal in zip(NAMES, NUMBERS)]
    documents += ["[" * n + "]" * n for n in (1, 2, 64, 200)] + ['{"a":' * 100 + "1" + "}" * 100]
    documents += [space() + value(rng.choice([1, 2, 3, 4])) + space() for _ in range(200)]
    cases = [{"document": d, "values": flatten(parse(d), "$", [])} for d in documents]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "documents.json")
    with open(path, "w", encoding="ascii") as file:
        file.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")


main()
