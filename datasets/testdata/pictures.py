"""Writes the files of pictures/ and pictures.json: what Pillow reads from them, turned and resized.

Run in this folder as: python3 pictures.py
"""
import json
import os

import numpy as np
import PIL
from PIL import Image, ImageOps

os.makedirs("pictures", exist_ok=True)
rng = np.random.default_rng(1)


def scene(h, w, channels):
    """A smooth picture with an edge, so that lossy formats keep it well."""
    y, x = np.mgrid[0:h, 0:w]
    planes = [128 + 100 * np.sin(x / (5 + c) + c) * np.cos(y / (7 - c)) for c in range(channels)]
    a = np.stack(planes, -1)
    a[h // 3 : h // 2, w // 4 : w // 2] = 220
    return a.clip(0, 255).astype(np.uint8)


def exif(orientation):
    e = Image.Exif()
    e[0x0112] = orientation
    return e


colour = Image.fromarray(scene(33, 47, 3))
grey = Image.fromarray(scene(30, 21, 1)[..., 0])
alpha = Image.fromarray(np.concatenate([scene(24, 24, 3), scene(24, 24, 4)[..., 3:]], -1), "RGBA")
for o in range(1, 9):
    colour.save(f"pictures/turn{o}.jpg", quality=95, subsampling=0, exif=exif(o))
colour.save("pictures/progressive.jpg", quality=90, progressive=True)
grey.save("pictures/grey.jpg", quality=95)
colour.convert("CMYK").save("pictures/cmyk.jpg", quality=95, subsampling=0)
colour.save("pictures/turn6.png", exif=exif(6))
grey.save("pictures/grey.png")
alpha.save("pictures/alpha.png")
colour.quantize(200).save("pictures/palette.png")
colour.quantize(200).save("pictures/palette.gif")
colour.save("pictures/lossy.webp", quality=95)
colour.save("pictures/turn8.webp", quality=95, exif=exif(8))
colour.save("pictures/lossless.webp", lossless=True)
alpha.save("pictures/alpha.webp", lossless=True, exact=True)
Image.fromarray((scene(20, 20, 1)[..., 0].astype(np.uint16) * 257)).save("pictures/grey16.png")

cases = []
for name in sorted(os.listdir("pictures")):
    m = ImageOps.exif_transpose(Image.open("pictures/" + name))
    if m.mode.startswith("I"):
        m = Image.fromarray((np.asarray(m) / 257).round().astype(np.uint8))
    m = m.convert("RGBA" if "alpha" in name else "RGB")
    if m.mode == "RGBA":
        back = Image.new("RGBA", m.size, (10, 200, 30, 255))
        m = Image.alpha_composite(back, m).convert("RGB")
    small = m.resize((16, 12), Image.BICUBIC)
    large = m.resize((60, 50), Image.BICUBIC)
    cases.append(dict(name=name, size=list(m.size), small=np.asarray(small).ravel().tolist(), mean=float(np.asarray(large).mean())))
json.dump(dict(source=f"Pillow {PIL.__version__}", cases=cases), open("pictures.json", "w"))
