"""Makes the pictures beside this file, and expected.tsv: what Pillow, numpy and CleanVision's formulas say of them.

usage: python make.py    (needs pillow, numpy, cjpeg and pnmtopng; tests need none of them)
"""
import os
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageStat, PngImagePlugin

import kinds

folder = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(7)


def smooth(width, height, low=20, high=230):
    rows, columns = np.mgrid[0:height, 0:width]
    waves = [np.sin(columns / (7 + 3 * c) + c) + np.cos(rows / (9 - 2 * c)) for c in range(3)]
    values = np.stack([(wave + 2) / 4 * (high - low) + low for wave in waves], 2)
    return Image.fromarray(np.clip(values + rng.normal(0, 4, values.shape), 0, 255).astype("uint8"))


def text(width, height):
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for y in range(4, height, 40):
        draw.text((4, y), "captions and pictures " * 9, fill="black")
    return image


def save(name, image, **options):
    image.save(os.path.join(folder, name), **options)


base = smooth(90, 70)
save("baseline.jpg", base, quality=80)
save("progressive.jpg", base, quality=80, progressive=True)
save("gray.jpg", base.convert("L"), quality=80)
save("cmyk.jpg", base.convert("CMYK"), quality=80)
save("restart.jpg", base, quality=80, restart_marker_blocks=2)
exif = Image.Exif()
exif[0x0112] = 6
save("turned.jpg", base, quality=60, exif=exif)
save("large.jpg", smooth(640, 400), quality=40)
save("half.jpg", smooth(300, 260), quality=40)
save("dark.jpg", smooth(300, 200, 0, 60), quality=50)
save("flat.jpg", Image.new("RGB", (520, 300), (90, 120, 40)), quality=50)
save("blurred.jpg", smooth(600, 500, 90, 160).filter(ImageFilter.GaussianBlur(9)), quality=40)
save("page.jpg", text(530, 300), quality=30)
save("colour.png", base)
save("gray.png", base.convert("L"))
save("palette.png", base.quantize(16))
save("alpha.png", base.convert("RGBA"))
save("deep.png", Image.fromarray((np.asarray(base.convert("L")).astype("uint16") * 257)))
save("animated.png", base.resize((40, 30)), save_all=True, append_images=[base.resize((40, 30)).rotate(90 * k) for k in (1, 2)])
bomb = PngImagePlugin.PngInfo()
bomb.add_text("Comment", "a" * (2 << 20), zip=True)
save("bomb.png", base.resize((9, 7)), pnginfo=bomb)
save("still.gif", base.quantize(32), interlace=False)
save("interlaced.gif", base.quantize(32), interlace=True)
save("animated.gif", base.resize((40, 30)).quantize(16), save_all=True, append_images=[base.resize((40, 30)).rotate(180).quantize(16)])
save("colour.bmp", base.resize((31, 20)))
save("palette.bmp", base.resize((31, 20)).quantize(16))
save("gray.bmp", base.convert("L").resize((31, 20)))
save("lossy.webp", base, quality=60)
save("lossless.webp", base.quantize(8).convert("RGB"), lossless=True)
save("alpha.webp", Image.merge("RGBA", (*base.split(), base.convert("L"))), quality=60)
save("animated.webp", base.resize((40, 30)), save_all=True, append_images=[base.resize((40, 30)).rotate(90 * k) for k in (1, 2)])
save("colour.tif", base.resize((31, 20)))
kinds.write(folder, base)


def measures(image):
    image = image if image.mode == "L" else image.convert("RGB")
    values = np.asarray(image).astype(float)
    if values.ndim == 3:
        brightness = np.sqrt(values**2 @ np.array([0.241, 0.691, 0.068])) / 255
    else:
        brightness = values / 255
    dark, light = np.percentile(brightness, [99, 5])
    ratio = max(image.size) / 64
    small = image.resize((max(int(image.width // ratio), 1), max(int(image.height // ratio), 1))) if ratio > 1 else image
    small = small.convert("L")
    edges = ImageStat.Stat(small.filter(ImageFilter.FIND_EDGES)).stddev[0]
    pixels = np.asarray(image.convert("L").resize((32, 32), Image.LANCZOS)).astype(float)
    cosines = np.cos(np.pi * np.arange(32)[:, None] * (2 * np.arange(32) + 1) / 64)
    low = (cosines @ pixels @ cosines.T)[:8, :8]
    bits = (low > np.median(low)).flatten()
    stat = ImageStat.Stat(image.convert("RGB"))
    return [dark, 1 - light, image.entropy(), edges, float(np.std(small.histogram()))], "".join("01"[int(b)] for b in bits), stat


with open(os.path.join(folder, "expected.tsv"), "w") as file:
    for name in sorted(os.listdir(folder)):
        if name.endswith((".py", ".md", ".tsv")) or name == "bomb.png":
            continue
        with Image.open(os.path.join(folder, name)) as image:
            frames = getattr(image, "n_frames", 1)
            image.seek(0)
            image.load()
            orientation = image.getexif().get(0x0112, 1)
            if image.mode.startswith("I"):
                image = Image.fromarray((np.asarray(image) >> 8).astype("uint8"))
            scores, bits, stat = measures(image)
            fields = [name, image.format or "PNG", *image.size, frames, orientation, int(image.mode == "L")]
            fields += [f"{score:.6f}" for score in scores] + [f"{int(bits, 2):016x}"]
            fields += [f"{value:.4f}" for value in stat.mean + stat.stddev]
        file.write("\t".join(map(str, fields)) + "\n")
