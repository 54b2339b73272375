"""Writes arrays.json (files that NumPy writes, with the values that it finds in them), arrays.npz and deflated.npz.

Made with NumPy 2.4.6: python make_expected.py
"""

import io
import json
import warnings

import numpy as np

warnings.simplefilter("ignore")
random = np.random.default_rng(20)


def hexadecimal(data):
    return data.hex()


def written(array, version):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=version, allow_pickle=True)
    return stream.getvalue()


def digits(value):
    """The significant digits of the shortest decimal that gives the value back in its own type."""
    if isinstance(value, np.floating):
        if not np.isfinite(value):
            return "NaN" if np.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        text = np.format_float_scientific(value, unique=True, trim="-").split("e")[0]
        return text.replace(".", "").replace("-", "").strip("0")
    return str(value)


def bits(value):
    """The double nearest to the value, NaN in one form only."""
    double = np.float64(value)
    return "nan" if np.isnan(double) else np.array(double).view(np.uint64).item().to_bytes(8, "big").hex()


def case(name, array, version=(1, 0)):
    rows = [np.asarray(array)] if array.ndim == 0 else list(array)
    data = written(array, version)
    return {
        "name": name,
        "bytes": hexadecimal(data),
        "shape": list(array.shape),
        "rows": [
            {"bits": [bits(v) for v in np.ravel(row)], "texts": [digits(v) for v in np.ravel(row)]} for row in rows
        ],
    }


def values(dtype, count):
    kind = np.dtype(dtype)
    if kind.kind == "b":
        return random.integers(0, 2, count).astype(kind)
    if kind.kind in "iu":
        info = np.iinfo(kind)
        special = [info.min, info.max, 0, 1, info.max - 1]
        if kind.itemsize == 8:
            special += [2**53, 2**53 + 1, 2**53 - 1, 2**54]
        filled = random.integers(info.min, info.max, count, dtype=kind.newbyteorder("="), endpoint=True)
    else:
        info = np.finfo(kind)
        special = [np.nan, np.inf, -np.inf, info.max, info.min, info.smallest_subnormal, info.tiny, -0.0, 0.1, 1 / 3]
        filled = random.normal(size=count)
    array = np.asarray(filled).astype(kind)
    places = random.permutation(count)[: min(len(special), count)]
    for place, value in zip(places, special):
        array[place] = value
    return array


numbers = [order + name for name in ["f2", "f4", "f8", "i2", "i4", "i8", "u2", "u4", "u8"] for order in "<>"]
numbers += ["|i1", "|u1", "|b1"]
cases = []
for dtype in numbers:
    cases.append(case(f"{dtype} vector", values(dtype, 13)))
    cases.append(case(f"{dtype} rows", values(dtype, 24).reshape(6, 4)))
    cases.append(case(f"{dtype} Fortran", np.asfortranarray(values(dtype, 24).reshape(6, 4))))
for version in [(1, 0), (2, 0), (3, 0)]:
    cases.append(case(f"version {version[0]}", values("<f4", 12).reshape(4, 3), version))
for shape in [(), (1,), (1, 1), (3, 1), (1, 3), (4, 3, 2), (2, 3, 4, 5), (3, 1, 2), (1, 3, 2)]:
    count = int(np.prod(shape))
    cases.append(case(f"C {shape}", values("<i4", count).reshape(shape)))
    cases.append(case(f"F {shape}", np.asfortranarray(values("<i4", count).reshape(shape))))

undecoded = []
for name, array in [
    ("complex64", np.zeros(3, "<c8")),
    ("complex128", np.zeros(3, ">c16")),
    ("texts", np.array(["a", "bc"])),
    ("bytes", np.array([b"a", b"bc"])),
    ("times", np.zeros(3, "<M8[ns]")),
    ("durations", np.zeros(3, "<m8[s]")),
    ("bfloat16 as raw bytes", np.zeros(3, "V2")),
    ("fields", np.zeros(3, [("a", "<f4"), ("b's", "<i4", (2,)), ("c", [("d", "|u1")])])),
    ("long double", np.zeros(3, np.longdouble)),
    ("objects", np.array([1, "a", None], dtype=object)),
]:
    undecoded.append({"name": name, "bytes": hexadecimal(written(array, None)), "dtype": np.dtype(array.dtype).str
                      if array.dtype.names is None else "[('a', '<f4')"})

with open("arrays.json", "w") as file:
    json.dump({"arrays": cases, "undecoded": undecoded}, file, indent=0)
    file.write("\n")

x = np.arange(12, dtype="<f4").reshape(4, 3)
x[1, 2] = np.nan
np.savez("arrays.npz", x=x, y=np.arange(4), names=np.array(["a", "b"]), f=np.asfortranarray(x))
np.savez_compressed("deflated.npz", x=x, y=np.arange(4), f=np.asfortranarray(x))
