"""Writes duplicates.jsonl and duplicates.txt: random records in random spellings, and for each the first record that is
equal by Python's own rules (json.loads, then ==, with types told apart), or -1.

    python3 make_duplicates.py
"""
import json
import random
import struct

random.seed(20)


def value(depth):
    kind = random.randrange(9 if depth else 5)
    if kind == 0:
        return random.choice([None, True, False])
    if kind == 1:
        return random.choice(["", "a", "é", "1", "null", "tab\t", "q\"\\/", "😀"])
    if kind == 2:
        return random.choice([0, 1, -1, 0.5, 1e300, 2**60 + 1, 2**60 + 3, 2**64 + 1])
    if kind == 3:
        return random.choice([float("nan"), float("inf"), -0.0])
    if kind == 4:
        return random.randrange(3)
    if kind < 7:
        return [value(depth - 1) for _ in range(random.randrange(4))]
    return {k: value(depth - 1) for k in random.sample(["a", "b", "k é", "a.b"], random.randrange(4))}


def canonical(v):
    if v is None or isinstance(v, (bool, str)):
        return (type(v).__name__, v)
    if isinstance(v, int) and abs(v) > 2**53:
        return ("integer", v)
    if isinstance(v, (int, float)):
        return ("number", struct.pack("<d", float(v) + 0.0) if v == v else b"nan")
    if isinstance(v, list):
        return ("list", tuple(canonical(x) for x in v))
    return ("object", tuple(sorted((k, canonical(x)) for k, x in v.items())))


def text(s):
    out = '"'
    for c in s:
        if c in '"\\\t' or random.random() < 0.2:
            units = c.encode("utf-16-be")
            out += "".join("\\u%04x" % int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2))
        else:
            out += c
    return out + '"'


def spelled(v):
    space = random.choice(["", " ", "\t"])
    if isinstance(v, str):
        return text(v)
    if v is None or isinstance(v, bool) or (isinstance(v, int) and abs(v) > 2**53):
        return json.dumps(v)
    if isinstance(v, (int, float)):
        if v != v or abs(v) == float("inf"):
            return json.dumps(v)
        if v == 0:
            return random.choice(["0", "-0.0", "0e7"])
        return random.choice([repr(v), "%.17e" % v, repr(float(v))])
    if isinstance(v, list):
        return "[" + space + ("," + space).join(spelled(x) for x in v) + space + "]"
    keys = list(v)
    random.shuffle(keys)
    return "{" + space + ("," + space).join(text(k) + space + ":" + spelled(v[k]) for k in keys) + "}"


records = [{"r": value(3), "s": value(1)} for _ in range(300)]
records += [random.choice(records) for _ in range(500)]
random.shuffle(records)
seen = {}
with open("duplicates.jsonl", "w", encoding="utf-8") as lines, open("duplicates.txt", "w") as firsts:
    for i, record in enumerate(records):
        line = spelled(record)
        first = seen.setdefault(canonical(json.loads(line)), i)
        lines.write(line + "\n")
        firsts.write("%d\n" % (first if first < i else -1))
