"""Kinds of files that Pillow reads and does not write; `make.py` calls `write`.

Needs `cjpeg` (Debian's libjpeg-turbo-progs) and `pnmtopng` (netpbm).
"""
import io
import os
import struct
import subprocess

import numpy as np


def filter_through(command, image):
    ppm = io.BytesIO()
    image.save(ppm, "PPM")
    return subprocess.run(command, input=ppm.getvalue(), check=True, capture_output=True).stdout


def bitmap(width, height, bits, rows, compression=0, palette=b"", masks=b""):
    """A Windows bitmap with the header of 40 bytes."""
    start = 14 + 40 + len(masks) + len(palette)
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(rows), 2835, 2835, len(palette) // 4, 0)
    return struct.pack("<2sIHHI", b"BM", start + len(rows), 0, 0, start) + header + masks + palette + rows


def core_bitmap(width, height, bits, rows, palette):
    """An OS/2 bitmap: a header of 12 bytes and colours of 3."""
    start = 14 + 12 + len(palette)
    header = struct.pack("<IHHHH", 12, width, height, 1, bits)
    return struct.pack("<2sIHHI", b"BM", start + len(rows), 0, 0, start) + header + palette + rows


def bottom_up(values):
    """Rows from the last to the first, each filled up to four bytes."""
    return b"".join(row.tobytes() + bytes(-len(row.tobytes()) % 4) for row in values[::-1])


def runs(indices, bits):
    """Run lengths, and stretches of other pixels as they are where there are three or more."""
    result = bytearray()
    for row in indices[::-1].tolist():
        plain = []

        def flush():
            while plain:
                part = plain[:254]
                del plain[:254]
                if len(part) < 3:
                    for value in part:
                        result.extend((1, value if bits == 8 else value << 4))
                    continue
                data = part if bits == 8 else [a << 4 | b for a, b in zip(part[::2], part[1::2] + [0])]
                result.extend((0, len(part), *data, *[0] * (len(data) % 2)))

        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end] == row[start] and end - start < 255:
                end += 1
            if end - start >= 4:
                flush()
                result.extend((end - start, row[start] if bits == 8 else row[start] * 17))
            else:
                plain += row[start:end]
            start = end
        flush()
        result.extend((0, 0))
    return bytes(result + b"\0\1")


def write(folder, base):
    def save(name, data):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)

    save("arithmetic.jpg", filter_through(["cjpeg", "-arithmetic", "-quality", "80"], base))
    save("arithmetic-progressive.jpg", filter_through(["cjpeg", "-arithmetic", "-progressive", "-quality", "80"], base))
    save("interlaced.png", filter_through(["pnmtopng", "-interlace"], base))
    small = base.resize((37, 22))
    width, height = small.size
    rgb = np.asarray(small).astype("uint16")
    r, g, b = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    save("rgb555.bmp", bitmap(width, height, 16, bottom_up(r >> 3 << 10 | g >> 3 << 5 | b >> 3)))
    masks = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    save("rgb565.bmp", bitmap(width, height, 16, bottom_up(r >> 3 << 11 | g >> 2 << 5 | b >> 3), 3, masks=masks))
    indexed = small.quantize(16)
    colours = np.array(indexed.getpalette()[: 3 * 16], "uint8").reshape(16, 3)[:, ::-1]
    indices = np.asarray(indexed)
    palette = np.hstack([colours, np.zeros((16, 1), "uint8")]).tobytes()
    save("rle8.bmp", bitmap(width, height, 8, runs(indices, 8), 1, palette=palette))
    save("rle4.bmp", bitmap(width, height, 4, runs(indices, 4), 2, palette=palette))
    padded = np.vstack([colours, np.zeros((240, 3), "uint8")]).tobytes()
    save("os2.bmp", core_bitmap(width, height, 8, bottom_up(indices), padded))
