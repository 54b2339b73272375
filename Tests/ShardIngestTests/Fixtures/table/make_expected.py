#!/usr/bin/env python3
"""Writes tables.json and numbers.json beside this file: what Python's csv module and float() make of tables and
cells. Run it again only to change them; the seed makes the output the same each time."""

import csv
import io
import json
import pathlib
import random
import re
import struct
from decimal import Decimal

HERE = pathlib.Path(__file__).parent
PIECES = ['"', '""', ",", ";", "\t", "|", "\n", "\r\n", "\r", " ", "a", "word", "12", "-3.5e2", "é", "日本", "😀",
          "'", "\\", "#", ".", "nan", "\u00a0", "\x0b", "\x00", "[1, 2]", '{"k": "v"}']


def cell(rng):
    kind = rng.random()
    if kind < 0.2:
        return ""
    if kind < 0.4:
        return repr(rng.choice([rng.randint(-9999, 9999), rng.gauss(0, 1), rng.random() * 1e300]))
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 6)))


def line(row, delimiter, quoting):
    out = io.StringIO(newline="")
    # Cells with either half of this line break are quoted.
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n", quoting=quoting).writerow(row)
    return out.getvalue()[:-2]


def tables():
    rng = random.Random(4180)
    for index in range(240):
        delimiter = rng.choice(",\t;|")
        terminator = rng.choice(["\n", "\r\n", "\r"])
        columns = rng.randint(1, 6)
        header = [f"column {i}" + rng.choice(["", "", '"', ",", "\n", "é"]) for i in range(columns)]
        rows = [[cell(rng) for _ in range(columns)] for _ in range(rng.randint(0, 8))]
        quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
        text = "".join(line(row, delimiter, quoting) + terminator for row in [header] + rows)
        if rng.random() < 0.3 and not text.endswith(terminator * 2):
            text = text[: -len(terminator)]
        read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        assert read == [header] + rows, (index, text)
        yield {"delimiter": delimiter, "terminator": terminator, "text": text, "header": header, "rows": rows}


SPELLINGS = """
0 -0 +0 1 -1 +1 12 007 -007 +007 00 -00 0.5 00.5 -00.5 +00.5 000.25e1 007e3 00e0 .5 -.5 +.5 5. -5. +5. 0. 00. 1.e5 1.E5
.5e1 -.5e-1 . -. +. .e5 e5 - + -- +- -+1 ++1 --1 1- 1+ 1e 1e+ 1e- 1e5 1E5 1e+5 1e-5 1e05 1e+05 1e5.0 1.5.5 1..5
nan NaN NAN Nan nAn -nan +NaN -NAN nan0 nano na NA N/A inf Inf INF -inf +Inf -INF infinity Infinity INFINITY -infinity
+Infinity infinit infinityx in i n -n +i 1inf nan(1) null None true True - x 1x x1 0x10 0b1 0o7 1_000 1,000 1/2 50% $5 1L
1f 1d 1j #1 1:30 2024-01-01 12:00 1e999 -1e999 1e308 1.8e308 1.7976931348623157e308 1.7976931348623159e308 1e-999 -1e-999
5e-324 4.9e-324 2.4e-324 2.5e-324 1e-323 0e-999 0.0e999 0e5 9007199254740991 9007199254740992 9007199254740993
-9007199254740992 -9007199254740993 9223372036854775807 18446744073709551615 18446744073709551616 123456789012345678901234
0.1 0.30000000000000004 3.141592653589793238462643383279502884197 1.00000000000000011102230246251565404236316680908203125
1.0000000000000002220446049250313 123456789.123456789e-5 2.2250738585072011e-308 2.2250738585072014e-308 1e22 1e23
8.5e-3 .0000000000000000000001 100000000000000000000000. 0.000 -0.0 +0.0 00000000000000000000001.5 1e00000000000000000001
0.00000000000000000000000000000000000000000000000000000000000000000000000000000001e80 1e1000000000000 1e-1000000000000
99999999999999999999999999e-20 1.e 1.e+ .e .1.e 12e3e4 ١٢ １２ −1 1−2
""".split()
SPACED = [" 1", "1 ", " 1 ", "\t1\t", "  -2.5e3  ", " nan ", " +inf\t", " 007 ", " ", "\t", "1 2", "- 1", " . "]
INTEGER = re.compile(r"[+-]?[0-9]+$")
TEXT_INTEGER = re.compile(r"[+-]?0[0-9]+$")


def number(text):
    """(bits of the double as hexadecimal digits, kind, whether it is an integer), or None for a text."""
    core = text.strip(" \t")
    if not core.isascii() or "_" in core or TEXT_INTEGER.match(core):
        return None
    try:
        value = float(core)
    except ValueError:
        return None
    kind = "plain"
    letters = core.lstrip("+-").lower()
    if letters == "nan":
        return ["nan", "nan", False]
    if letters in ("inf", "infinity"):
        kind = "infinity"
    elif value in (float("inf"), float("-inf")):
        kind = "overflow"
    elif value == 0 and re.search("[1-9]", re.split("[eE]", core)[0]):
        kind = "underflow"
    elif INTEGER.match(core) and abs(Decimal(core)) > 2**53:
        kind = "largeInteger"
    return [struct.pack(">d", value).hex(), kind, bool(INTEGER.match(core))]


def main():
    dump = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    (HERE / "tables.json").write_text("[\n" + ",\n".join(map(dump, tables())) + "\n]\n")
    cells = list(dict.fromkeys(SPELLINGS + SPACED))
    lines = [dump({"text": c, "number": number(c)}) for c in cells]
    (HERE / "numbers.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


main()
