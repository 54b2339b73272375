"""Makes the pictures of this folder: python make_images.py (needs numpy and pillow)."""
import os

import numpy as np
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(5)


def photo(width, height, seed):
    """Shapes with edges, light and shade, and a little noise: nothing about it is odd."""
    r = np.random.default_rng(seed)
    yy, xx = np.mgrid[0:height, 0:width]
    picture = np.zeros((height, width, 3)) + r.integers(60, 160, 3)
    picture += (xx / width)[..., None] * r.integers(-50, 50, 3) + (yy / height)[..., None] * r.integers(-50, 50, 3)
    for _ in range(24):
        x, y = r.integers(0, width), r.integers(0, height)
        w, h = r.integers(4, width // 3), r.integers(4, height // 3)
        picture[y : y + h, x : x + w] = r.integers(0, 256, 3)
    picture += r.normal(0, 8, picture.shape)
    return Image.fromarray(np.clip(picture, 0, 255).astype("uint8"))


def save(image, name, **options):
    image.save(os.path.join(HERE, name), **options)


def read(name):
    with open(os.path.join(HERE, name), "rb") as file:
        return file.read()


def write(name, data):
    with open(os.path.join(HERE, name), "wb") as file:
        file.write(data)


for index in range(6):
    save(photo(96 + 4 * index, 80, 100 + index), f"photo{index}.jpg", quality=85)
save(photo(96, 96, 110), "photo.png")
save(photo(96, 96, 111), "photo.gif")
save(photo(96, 96, 112), "photo.webp", quality=80)
save(photo(96, 96, 113), "photo.tif")
save(Image.fromarray((rng.random((64, 64, 3)) * 20).astype("uint8")), "dark.jpg", quality=85)
save(Image.fromarray((255 - rng.random((64, 64, 3)) * 6).astype("uint8")), "bright.jpg", quality=85)
save(Image.new("RGB", (64, 64), (90, 120, 200)), "flat.png")
yy, xx = np.mgrid[0:160, 0:160]
save(Image.fromarray(np.stack([xx, yy, (xx + yy) // 2], 2).astype("uint8")), "blurry.jpg", quality=95)
save(photo(96, 96, 115).convert("L"), "gray.jpg", quality=85)
save(photo(300, 60, 116), "wide.jpg", quality=85)
save(photo(300, 30, 117).resize((2000, 30)).crop((0, 0, 2000, 10)), "ribbon.png")
save(photo(96, 96, 118).crop((0, 0, 20, 60)), "small.png")
save(photo(1400, 1000, 119), "huge.jpg", quality=30)
exif = Image.Exif()
exif[0x0112] = 6
save(photo(120, 80, 120), "turned.jpg", quality=85, exif=exif)
write("cut.jpg", read("photo0.jpg")[:-900])
write("noend.jpg", read("photo0.jpg")[:-2])
write("junk.jpg", read("photo1.jpg") + b"junk" * 5)
write("html.jpg", b"<!DOCTYPE html><html><body>404 Not Found</body></html>\n")
write("lfs.png", b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n")
write("empty.jpg", b"")
write("wrong.png", read("photo2.jpg"))
write("copy.jpg", read("photo3.jpg"))
Image.open(os.path.join(HERE, "photo4.jpg")).save(os.path.join(HERE, "near.jpg"), quality=95)
bomb = bytearray(read("photo.png"))
bomb[16:24] = (60000).to_bytes(4, "big") * 2
import zlib

bomb[29:33] = zlib.crc32(bytes(bomb[12:29])).to_bytes(4, "big")
write("bomb.png", bytes(bomb))
