"""Files that are made to harm, built by code: what must be refused, and what is harmless.

Every function yields (name, bytes). The pictures inside are drawn; the HEIC ones are
those of tests/imaging/data, with their boxes changed.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

DATA = Path(__file__).parent / "data"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
PAYLOAD = b"<script>alert('foreign payload')</script>"

Files = Iterator[tuple[str, bytes]]


def draw(height: int = 120, width: int = 160, *, seed: int = 3) -> np.ndarray:
    """Return a soft gradient with grain: (H, W, 3) uint8."""
    rows, columns = np.mgrid[:height, :width]
    soft = np.stack([columns, rows, 200 - columns / 2], -1)
    grain = np.random.default_rng(seed).normal(0, 6, soft.shape)
    return np.clip(soft + grain, 0, 255).astype(np.uint8)


def save(form: str, image: np.ndarray | Image.Image | None = None, **options) -> bytes:
    """Return a picture as Pillow writes it."""
    picture = draw() if image is None else image
    if not isinstance(picture, Image.Image):
        picture = Image.fromarray(picture)
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def read_heic(name: str = "phone") -> bytes:
    return (DATA / f"{name}.heic").read_bytes()


def list_photos() -> dict[str, bytes]:
    """Return one small good photograph of every kind."""
    return {
        "jpeg": save("JPEG", quality=90, exif=make_exif()),
        "progressive": save("JPEG", progressive=True),
        "grey": save("JPEG", Image.fromarray(draw()).convert("L")),
        "cmyk": save("JPEG", Image.fromarray(draw()).convert("CMYK")),
        "png": save("PNG", exif=make_exif()),
        "lossy": save("WEBP", quality=80, exif=make_exif()),
        "lossless": save("WEBP", lossless=True),
        "heic": read_heic(),
        "private": read_heic("private"),
    }


def make_exif(orientation: int = 6) -> bytes:
    entries = Image.Exif()
    entries[0x0112] = orientation
    entries.get_ifd(0x8769)[0x9003] = "2024:03:09 09:08:07"
    return entries.tobytes()


def write_tags(tags: dict[bytes, bytes], kind: bytes) -> bytes:
    """Return an ICC profile of class, colour space and connection space `kind`."""
    table, body, start = b"", b"", 132 + 12 * len(tags)
    for name, value in tags.items():
        table += name + struct.pack(">II", start + len(body), len(value))
        body += value + bytes(-len(value) % 4)
    size = start + len(body)
    head = struct.pack(">I4xI", size, 0x04000000) + kind + bytes(12) + b"acsp" + bytes(28)
    head += bytes.fromhex("0000f6d6 00010000 0000d32d") + bytes(48)
    return head + struct.pack(">I", len(tags)) + table + body


# Parts of the formats ------------------------------------------------------------------


def chunk(name: bytes, body: bytes = b"") -> bytes:
    """Return a PNG chunk."""
    checksum = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum)


def write_png(
    width: int, height: int, *parts: bytes, depth: int = 8, colour: int = 2, laced: int = 0
) -> bytes:
    """Return a PNG of these parts, or of zeros where there are none."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour, 3)
    row = 1 + (width * samples * depth + 7) // 8
    parts = parts or (chunk(b"IDAT", deflate_zeros(row * height)),)
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, laced)
    return SIGNATURE + chunk(b"IHDR", head) + b"".join(parts) + chunk(b"IEND")


def deflate_zeros(size: int, *, start: bytes = b"") -> bytes:
    """Return packed zeros; one packed block stands for all, which is quick."""
    block, check = bytes(1 << 20), zlib.adler32(start)
    for _ in range(size >> 20):
        check = zlib.adler32(block, check)
    rest = block[: size % (1 << 20)]
    parts = [_deflate(start), (size >> 20) * _deflate(block), _deflate(rest)]
    end = b"\3\0" + struct.pack(">I", zlib.adler32(rest, check))
    return b"\x78\x9c" + b"".join(parts) + end


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


def insert(png: bytes, *chunks: bytes) -> bytes:
    """Return a PNG with more chunks behind its head."""
    return png[:33] + b"".join(chunks) + png[33:]


def segment(marker: int, body: bytes) -> bytes:
    """Return a JPEG segment."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def put(data: bytes, place: int, value: bytes) -> bytes:
    return data[:place] + value + data[place + len(value) :]


def resize_jpeg(data: bytes, width: int, height: int, *, frame: bytes = b"\xc0") -> bytes:
    """Return a JPEG that claims another size."""
    return put(data, data.index(b"\xff" + frame) + 5, struct.pack(">HH", height, width))


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """Return a WebP of these chunks."""
    body = b"WEBP"
    for name, part in chunks:
        body += struct.pack("<4sI", name, len(part)) + part + bytes(len(part) % 2)
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


FTYP = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")


def place_of(data: bytes, kind: bytes, number: int = 0) -> int:
    """Return where the content of a box begins."""
    at = -1
    for _ in range(number + 1):
        at = data.index(kind, at + 1)
    return at + 4


def claim_stream(width: int, height: int, *, whole: bool) -> bytes:
    """Return an HEIC whose coded stream claims a size, and its boxes too if `whole`."""
    data = read_heic("plain")
    at = place_of(data, b"hvcC")
    size = struct.unpack_from(">I", data, at - 8)[0]
    old = data[at : at - 8 + size]
    new = _rewrite_sps(old, width, height)
    grown = len(new) - len(old)
    result = bytearray(data[:at] + new + data[at + len(old) :])
    for kind in (b"meta", b"iprp", b"ipco", b"hvcC"):
        place = result.index(kind) - 4
        (length,) = struct.unpack_from(">I", result, place)
        struct.pack_into(">I", result, place, length + grown)
    picture = data.index(b"mdat") + 4
    place = result.index(struct.pack(">I", picture), place_of(data, b"iloc"))
    struct.pack_into(">I", result, place, picture + grown)
    if whole:
        struct.pack_into(">II", result, place_of(bytes(result), b"ispe") + 4, width, height)
    return bytes(result)


def _rewrite_sps(settings: bytes, width: int, height: int) -> bytes:
    """Return decoder settings (hvcC) whose sequence claims another size.

    ISO/IEC 23008-2, 7.3.2.2: size follows 15 bytes, sequence number and chroma format.
    """
    at, out = 23, settings[:23]
    for _ in range(settings[22]):
        kind, count = settings[at] & 63, struct.unpack_from(">H", settings, at + 1)[0]
        out, at = out + settings[at : at + 3], at + 3
        for _ in range(count):
            (length,) = struct.unpack_from(">H", settings, at)
            unit = settings[at + 2 : at + 2 + length]
            at += 2 + length
            if kind == 33:
                bits = "".join(f"{byte:08b}" for byte in unit.replace(b"\0\0\3", b"\0\0"))
                start = _skip_codes(bits, 15 * 8, 2)
                end = _skip_codes(bits, start, 2)
                bits = bits[:start] + _code(width) + _code(height) + bits[end:]
                bits += "0" * (-len(bits) % 8)
                plain = int(bits, 2).to_bytes(len(bits) // 8)
                unit = b"".join(_guard(plain))
            out += struct.pack(">H", len(unit)) + unit
    return out


def _code(number: int) -> str:
    binary = f"{number + 1:b}"
    return "0" * (len(binary) - 1) + binary


def _skip_codes(bits: str, at: int, count: int) -> int:
    for _ in range(count):
        at += 2 * (bits.index("1", at) - at) + 1
    return at


def _guard(plain: bytes) -> Iterator[bytes]:
    zeros = 0
    for byte in plain:
        if zeros >= 2 and byte <= 3:
            yield b"\3"
            zeros = 0
        yield bytes([byte])
        zeros = zeros + 1 if byte == 0 else 0


# Refused -------------------------------------------------------------------------------


def list_attacks() -> Files:
    """Yield every file that must be refused."""
    for group in (
        list_nothings,
        list_strangers,
        list_pixel_bombs,
        list_part_bombs,
        list_truncations,
        list_lying_jpegs,
        list_lying_pngs,
        list_lying_webps,
        list_lying_heics,
        list_moving,
        list_see_through,
    ):
        yield from group()


def list_nothings() -> Files:
    """Yield what is hardly a file."""
    yield "empty", b""
    yield from ((f"one byte {byte:02x}", bytes([byte])) for byte in (0, 0x89, 0xFF))
    yield "zeros", bytes(5000)
    yield "NUL name", b"\0photo.jpg\0\xff\xd8\xff"
    yield "path as name", b"../../etc/passwd\0.jpg"
    yield "JPEG start", b"\xff\xd8\xff"
    yield "JPEG start and end", b"\xff\xd8\xff\xd9"
    yield "JPEG start, then noise", b"\xff\xd8\xff" + np.random.default_rng(0).bytes(9000)
    yield "JPEG start, then HTML", b"\xff\xd8\xff<html>" + PAYLOAD
    yield "PNG signature", SIGNATURE
    yield "PNG of its end", SIGNATURE + chunk(b"IEND")
    yield "WebP of nothing", riff()
    yield "WebP that claims 4 GB", b"RIFF\xff\xff\xff\xffWEBP"
    yield "HEIC of its brands", FTYP


def list_strangers() -> Files:
    """Yield files of other kinds, as they are and under a borrowed name."""
    picture = Image.fromarray(draw())
    yield "GIF", save("GIF")
    yield "moving GIF", save("GIF", save_all=True, append_images=[picture.rotate(9)])
    for form in ("BMP", "TIFF", "JPEG2000", "AVIF", "PDF", "PPM", "ICO", "TGA", "EPS"):
        yield form, save(form)
    yield "SVG", b"<svg xmlns='http://www.w3.org/2000/svg'>" + PAYLOAD + b"</svg>"
    entity = b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]><svg>&a;</svg>"
    yield "XML bomb", b"<?xml version='1.0'?>" + entity
    yield "HTML", b"<!doctype html>" + PAYLOAD
    yield "shell script", b"#!/bin/sh\necho harm\n"
    yield "program", b"\x7fELF\x02\x01\x01" + bytes(200)
    yield "ZIP that begins a JPEG", make_zip() + save("JPEG")
    yield "PDF with a JPEG", b"%PDF-1.4\n" + save("JPEG") + b"%%EOF"
    yield "GIF and JPEG", b"GIF89a" + save("JPEG")
    yield "MP4", box(b"ftyp", b"isom" + bytes(4) + b"isommp42") + box(b"mdat", bytes(90))
    yield "MOV", box(b"ftyp", b"qt  " + bytes(4) + b"qt  ") + box(b"mdat", bytes(90))
    yield "Photoshop", b"8BPS\0\1" + bytes(100)
    yield "JPEG XL", b"\xff\x0a" + bytes(100)


def make_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../evil.html", PAYLOAD)
    return buffer.getvalue()


def list_pixel_bombs() -> Files:
    """Yield small files that decode to huge pictures."""
    for side, depth in ((20_000, 1), (30_000, 1), (10_900, 1), (10_900, 8)):
        yield (
            f"PNG {side} px, {depth} bit",
            write_png(side, side, depth=depth, colour=0),
        )
    yield "PNG 6,000 px, 16 bit with alpha", write_png(6000, 6000, depth=16, colour=6)
    yield "PNG 5,000 px, interlaced", write_png(5000, 5000, colour=6, laced=1)
    yield "PNG of the largest size", write_png(2**31 - 1, 2**31 - 1, chunk(b"IDAT", b"x"))
    yield "PNG beyond the largest size", write_png(2**32 - 1, 1, chunk(b"IDAT", b"x"))
    jpeg, progressive = save("JPEG"), save("JPEG", progressive=True)
    yield "JPEG claims 65,000 px", resize_jpeg(jpeg, 65_000, 65_000)
    yield "JPEG claims 10,900 px", resize_jpeg(jpeg, 10_900, 10_900)
    yield "JPEG claims 4,000 px", resize_jpeg(jpeg, 4000, 3000)
    yield "JPEG claims 400 px", resize_jpeg(jpeg, 400, 400)
    for side in (10_900, 7000, 2000):
        claim = resize_jpeg(progressive, side, side, frame=b"\xc2")
        yield f"progressive JPEG claims {side} px", claim
    scans = progressive[progressive.rindex(b"\xff\xda") : -2]
    yield "JPEG of 200 scans", progressive[:-2] + 200 * scans + b"\xff\xd9"
    padded = progressive[:-2] + 60 * (scans + bytes(8000)) + b"\xff\xd9"
    yield "JPEG of 60 large scans", resize_jpeg(padded, 6000, 6000, frame=b"\xc2")
    lossy, lossless = save("WEBP"), save("WEBP", lossless=True)
    whole = struct.pack("<HH", 0x3FFF, 0x3FFF)
    yield "WebP claims 16,383 px", put(lossy, lossy.index(b"\x9d\x01\x2a") + 3, whole)
    at = lossless.index(b"VP8L") + 9
    yield "lossless WebP claims 16,384 px", put(lossless, at, b"\xff\xff\xff\x0f")
    flat = save("WEBP", Image.new("RGB", (90, 90), (120, 80, 60)), lossless=True)
    size = struct.unpack_from("<I", flat, at)[0] >> 28 << 28 | 8999 << 14 | 8999
    yield "flat WebP of 81 MP", put(flat, at, struct.pack("<I", size))
    yield "HEIC stream claims 16,000 px", claim_stream(16_000, 16_000, whole=False)
    yield "HEIC claims 16,000 px", claim_stream(16_000, 16_000, whole=True)
    yield "HEIC claims 8,000 px", claim_stream(8000, 6000, whole=True)
    yield "HEIC claims 4,000 px", claim_stream(4000, 3000, whole=True)


def list_part_bombs() -> Files:
    """Yield files of a great many parts."""
    jpeg, png = save("JPEG"), save("PNG")
    yield "JPEG of 4 million segments", jpeg[:2] + 4_000_000 * segment(0xE5, b"")
    comments = 900 * segment(0xFE, bytes(65_000))
    yield "JPEG of 58 MB of comments, cut off", jpeg[:2] + comments + jpeg[2:-9]
    yield "PNG of 1 million chunks", insert(png, 1_000_000 * chunk(b"teXt"))
    many = struct.pack("<4sI4s", b"RIFF", 4 + 16_000_000, b"WEBP")
    yield "WebP of 2 million empty chunks", many + 2_000_000 * b"xxxx\0\0\0\0"
    heic = read_heic()
    yield "HEIC of 2 million boxes", heic + 2_000_000 * box(b"free")
    yield "HEIC of 500,000 items", FTYP + _write_meta(items=500_000)
    yield "HEIC of 5 million references", FTYP + _write_meta(references=5_000_000)
    yield "HEIC whose items are all the file", FTYP + _write_meta(extents=60_000)


def _pull(webp: bytes) -> Iterator[tuple[bytes, bytes]]:
    name, size = struct.unpack_from("<4sI", webp, 12)
    yield name, webp[20 : 20 + size]


def _write_meta(*, items: int = 1, references: int = 0, extents: int = 1) -> bytes:
    """Return the meta box of an HEIC with too many of something, and 1 MB of data."""
    entry = box(b"infe", struct.pack(">IHH", 2 << 24, 1, 0) + b"hvc1\0")
    rows = struct.pack(">HHH", 1, 0, extents) + extents * struct.pack(">II", 0, 0)
    parts = [
        box(b"pitm", struct.pack(">IH", 0, 1)),
        box(b"iinf", struct.pack(">II", 1 << 24, items) + items * entry),
        box(b"iloc", struct.pack(">IHH", 0, 0x4400, 1) + rows),
    ]
    if references:
        full = box(b"dimg", struct.pack(">HH", 1, 65_000) + 65_000 * b"\0\1")
        parts.append(box(b"iref", bytes(4) + references // 65_000 * full))
    return box(b"meta", bytes(4) + b"".join(parts)) + box(b"mdat", bytes(1_000_000))


def list_truncations() -> Files:
    """Yield photographs that break off, some with a mended end."""
    photos = list_photos()
    for name in ("jpeg", "progressive", "png", "lossy", "lossless", "heic"):
        for share in (0.1, 0.5, 0.9, 0.999):
            data = photos[name]
            yield f"{name} cut at {share}", data[: int(share * len(data))]
    for name in ("jpeg", "progressive", "grey", "cmyk"):
        for share in (0.5, 0.8, 0.97):
            cut = photos[name][: int(share * len(photos[name]))]
            yield f"{name} cut at {share}, with an end", cut + b"\xff\xd9"
    rows = zlib.decompress(_pixels_of(photos["png"]))
    for share in (0.5, 0.99):
        part = chunk(b"IDAT", zlib.compress(rows[: int(share * len(rows))]))
        yield f"PNG of {share} of its rows", write_png(160, 120, part)
    packed = zlib.compress(rows)
    yield "PNG with half of its stream", write_png(160, 120, chunk(b"IDAT", packed[:9000]))
    for name, kind in (("lossy", b"VP8 "), ("lossless", b"VP8L")):
        body = dict(_pull(save("WEBP", lossless=name == "lossless")))[kind]
        yield f"{name} WebP of half its data", riff((kind, body[: len(body) // 2]))


def _pixels_of(png: bytes) -> bytes:
    at, found = 8, b""
    while at < len(png):
        size, name = struct.unpack_from(">I4s", png, at)
        if name == b"IDAT":
            found += png[at + 8 : at + 8 + size]
        at += 12 + size
    return found


def list_lying_jpegs() -> Files:
    """Yield JPEGs whose segments lie."""
    jpeg = save("JPEG")
    frame, scan = jpeg.index(b"\xff\xc0"), jpeg.index(b"\xff\xda")
    whole_frame = jpeg[frame : frame + 19]
    yield "JPEG segment of length 0", jpeg[:2] + b"\xff\xe1\0\0" + jpeg[2:]
    yield "JPEG segment of length 1", jpeg[:2] + b"\xff\xe1\0\1" + jpeg[2:]
    yield "JPEG segment beyond the end", jpeg[:2] + b"\xff\xe1\xff\xff" + jpeg[2:]
    yield "JPEG of two frames", jpeg[:frame] + whole_frame + jpeg[frame:]
    yield "JPEG without a frame", jpeg[:frame] + jpeg[frame + 19 :]
    yield "JPEG without a scan", jpeg[:scan] + b"\xff\xd9"
    yield "JPEG of height 0", resize_jpeg(jpeg, 160, 0)
    yield "JPEG of 12 bits", put(jpeg, frame + 4, b"\x0c")
    yield "JPEG of 255 components", put(jpeg, frame + 9, b"\xff")
    yield "JPEG of 4 of 3 components", put(jpeg, frame + 9, b"\x04")
    yield "JPEG without sampling", put(jpeg, frame + 11, b"\0")
    yield "JPEG of unknown tables", put(jpeg, frame + 12, b"\x09")
    for marker, name in ((0xC3, "lossless"), (0xC9, "arithmetic"), (0xC5, "hierarchical")):
        yield f"{name} JPEG", put(jpeg, frame + 1, bytes([marker]))
    yield "JPEG wider than its data", resize_jpeg(jpeg, 170, 120)
    yield "JPEG thumbnail only", jpeg[:2] + segment(0xE1, b"Exif\0\0" + jpeg)
    yield "JPEG with a hole", jpeg[: scan + 500] + jpeg[scan + 900 :]
    yield "JPEG too small", save("JPEG", draw(40, 300))


def list_lying_pngs() -> Files:
    """Yield PNGs whose chunks lie."""
    png = save("PNG")
    data = png.index(b"IDAT")
    yield "PNG chunk of 4 GB", put(png, data - 4, b"\xff\xff\xff\xff")
    yield "PNG chunk beyond the end", put(png, data - 4, b"\0\xff\xff\xff")
    yield "PNG with a wrong checksum", put(png, data + 90, b"\0\1\2\3")
    yield "PNG without its head", SIGNATURE + png[33:]
    yield "PNG with a short head", SIGNATURE + chunk(b"IHDR", bytes(12)) + png[33:]
    yield "PNG without pixels", png[:33] + chunk(b"IEND")
    yield "PNG of two heads", write_png(80, 80, png[8:33], png[33:])
    yield "PNG of width 0", write_png(0, 80)
    yield "PNG of 3 bits", write_png(80, 80, depth=3)
    for colour in (1, 5, 7, 255):
        yield f"PNG of colour {colour}", write_png(80, 80, colour=colour)
    yield "PNG without its palette", write_png(80, 80, colour=3)
    yield "PNG of no deflate", write_png(80, 80, chunk(b"IDAT", b"no deflate at all"))
    yield "PNG taller than its data", write_png(160, 130, png[33:-12])


def list_lying_webps() -> Files:
    """Yield WebPs whose chunks lie."""
    ((kind, lossy),) = _pull(save("WEBP"))
    ((_, lossless),) = _pull(save("WEBP", lossless=True))
    canvas = bytes(4) + (159).to_bytes(3, "little") + (119).to_bytes(3, "little")
    large = bytes(4) + (9999).to_bytes(3, "little") + (9999).to_bytes(3, "little")
    yield "WebP with another canvas", riff((b"VP8X", large), (kind, lossy))
    yield "WebP with a short canvas", riff((b"VP8X", b"\0"), (kind, lossy))
    yield "WebP of both kinds", riff((b"VP8X", canvas), (kind, lossy), (b"VP8L", lossless))
    yield "WebP of its canvas", riff((b"VP8X", canvas))
    yield "WebP of a profile", riff((b"VP8X", canvas), (b"ICCP", bytes(99)))
    whole = riff((kind, lossy))
    yield "WebP chunk of 4 GB", put(whole, 16, b"\xff\xff\xff\xff")
    yield "WebP chunk beyond the end", put(whole, 16, b"\xff\xff\0\0")
    yield "WebP frame that is none", riff((kind, put(lossy, 3, b"\0\0\0")))
    yield "WebP of another version", riff((kind, put(lossy, 0, b"\xff")))
    yield "lossless WebP of noise", riff((b"VP8L", lossless[:5] + bytes(200)))


def list_lying_heics() -> Files:
    """Yield HEICs whose boxes lie."""
    heic, plain = read_heic(), read_heic("plain")
    meta, iloc = place_of(heic, b"meta"), place_of(heic, b"iloc")
    for size in (1, 2, 7):
        yield f"HEIC box of {size} bytes", put(heic, meta - 8, struct.pack(">I", size))
    yield "HEIC box beyond the end", put(heic, meta - 8, b"\0\xff\xff\xff")
    huge = struct.pack(">I4sQ", 1, b"mdat", 2**63)
    yield "HEIC box of 9 exabytes", FTYP + huge
    yield "HEIC without a description", put(heic, meta - 4, b"free")
    end = meta - 8 + struct.unpack_from(">I", heic, meta - 8)[0]
    yield "HEIC with two descriptions", heic + heic[meta - 8 : end]
    yield "HEIC without its photo", put(heic, place_of(heic, b"pitm") + 4, b"\0\x63")
    yield "HEIC without places", put(heic, iloc - 4, b"free")
    yield "HEIC without properties", put(heic, place_of(heic, b"iprp") - 4, b"free")
    yield "HEIC of a new kind of places", put(heic, iloc, b"\x09")
    row = plain.index(struct.pack(">I", plain.index(b"mdat") + 4), place_of(plain, b"iloc"))
    yield "HEIC photo beyond the end", put(plain, row, b"\x7f\xff\xff\xff")
    yield "HEIC photo of 2 GB", put(plain, row + 4, b"\x7f\xff\xff\xff")
    for kind in (b"av01", b"jpeg", b"mime", b"unci", b"Exif", b"\0\0\0\0"):
        name = kind.decode().strip("\0") or "nothing"
        yield f"HEIC photo of {name}", put(plain, place_of(plain, b"infe") + 8, kind)
    grid, dimg = heic.index(b"idat") + 4, place_of(heic, b"dimg")
    yield "HEIC grid of 8,000 px", put(heic, grid + 4, struct.pack(">HH", 8000, 6000))
    yield "HEIC grid of 65,536 tiles", put(heic, grid + 2, b"\xff\xff")
    yield "HEIC grid of itself", put(heic, dimg + 4, b"\0\3\0\3")
    yield "HEIC grid of nothing", put(heic, dimg + 4, b"\x7f\x7f\x7f\x7f")
    yield "HEIC grid of metadata", put(heic, dimg + 4, b"\0\4\0\4")
    size = place_of(heic, b"ispe", 1) + 4
    yield "HEIC claims 9,000 px", put(heic, size, struct.pack(">II", 9000, 9000))
    yield "HEIC claims 4 billion px", put(heic, size, b"\xff" * 8)
    yield "HEIC claims 0 px", put(heic, size, bytes(8))
    yield "HEIC without decoder settings", put(plain, place_of(plain, b"hvcC") - 4, b"free")
    yield "HEIC with settings of zeros", put(plain, place_of(plain, b"hvcC"), bytes(60))
    picture = plain.index(b"mdat") + 4
    yield "HEIC picture of zeros", put(plain, picture, bytes(len(plain) - picture))


def list_moving() -> Files:
    """Yield moving pictures."""
    second = Image.fromarray(draw(seed=4))
    for form in ("PNG", "WEBP"):
        options = {"save_all": True, "append_images": [second], "duration": 90}
        yield f"moving {form}", save(form, **options)
    many = [second.rotate(angle) for angle in range(60)]
    yield "moving WebP of 60 frames", save("WEBP", save_all=True, append_images=many)
    heic = read_heic()
    yield "moving HEIC", put(heic, 8, b"hevc")
    yield "moving HEIC, msf1", put(heic, 8, b"msf1")
    yield "moving AVIF", save("AVIF", save_all=True, append_images=[second])


def list_see_through() -> Files:
    """Yield pictures with see-through parts."""
    half = np.dstack([draw(), np.full((120, 160), 128, np.uint8)])
    yield "see-through PNG", save("PNG", half)
    yield "see-through WebP", save("WEBP", half, lossless=True)
    yield "see-through lossy WebP", save("WEBP", half)
    yield "see-through HEIC", read_heic("see_through")


# Harmless ------------------------------------------------------------------------------


def list_polyglots() -> Files:
    """Yield photographs with something foreign in them: taken, and cleaned of it.

    Whatever is foreign holds `PAYLOAD`, or is zeros by the megabyte.
    """
    jpeg, png, webp = save("JPEG"), save("PNG"), save("WEBP")
    yield "JPEG and ZIP", jpeg + make_zip()
    yield "JPEG and HTML behind", jpeg + PAYLOAD
    yield "JPEG and HTML inside", jpeg[:2] + segment(0xFE, PAYLOAD) + jpeg[2:]
    yield "JPEG and PDF", jpeg[:2] + segment(0xFE, b"%PDF-1.4" + PAYLOAD) + jpeg[2:]
    yield "JPEG and video", jpeg + box(b"ftyp", b"mp42") + box(b"mdat", PAYLOAD)
    yield "JPEG with 20 MB behind", jpeg + 20_000_000 * b"\0" + PAYLOAD
    loop = b"II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 0x8769, 4, 1, 8) + b"\x08\0\0\0"
    yield "JPEG with a loop in its EXIF", _with_exif(jpeg, loop + PAYLOAD)
    row = struct.pack("<HHII", 0x010F, 2, 0xFFFFFFFF, 0xFFFFFFF0)
    huge = b"II*\0\x08\0\0\0" + b"\xff\xff" + 5000 * row
    yield "JPEG with 65,535 EXIF entries", _with_exif(jpeg, huge + PAYLOAD)
    many = b"MM\0*\0\0\0\x08" + struct.pack(">HHHII", 1, 0x0112, 3, 0xFFFFFFFF, 6)
    yield "JPEG with 4 billion orientations", _with_exif(jpeg, many + PAYLOAD)
    away = b"MM\0*\xff\xff\xff\xff" + PAYLOAD
    yield "JPEG with EXIF that points away", _with_exif(jpeg, away)
    for count in (120_000, 5_000_000):
        blob = _list_fractions(count)
        yield f"PNG with {count} fractions in its EXIF", insert(png, chunk(b"eXIf", blob))
    piece = b"ICC_PROFILE\0\1\1" + bytes(65_000)
    profiles = 300 * segment(0xE2, piece) + segment(0xE2, b"ICC_PROFILE\0\2\1" + PAYLOAD)
    yield "JPEG with a 20 MB profile", jpeg[:2] + profiles + jpeg[2:]
    lying = struct.pack(">I", 0xFFFFFFFF) + bytes(124) + b"\xff\xff\xff\xff" + PAYLOAD
    yield "JPEG with a lying profile", save("JPEG", icc_profile=lying)
    yield "PNG and ZIP", png + make_zip()
    yield "PNG with HTML", insert(png, chunk(b"tEXt", b"Comment\0" + PAYLOAD))
    bomb = deflate_zeros(200_000_000, start=PAYLOAD)
    yield "PNG with 200 MB of text", insert(png, chunk(b"zTXt", b"Comment\0\0" + bomb))
    text = b"XML:com.adobe.xmp\0\1\0\0\0" + bomb
    yield "PNG with 200 MB of XMP", insert(png, chunk(b"iTXt", text))
    yield "PNG with a 200 MB profile", insert(png, chunk(b"iCCP", b"x\0\0" + bomb))
    yield "PNG with a chunk of code", insert(png, chunk(b"juNk", PAYLOAD))
    yield "WebP and ZIP", webp + make_zip()
    parts = list(_pull(webp))
    canvas = bytes(4) + (159).to_bytes(3, "little") + (119).to_bytes(3, "little")
    yield "WebP with HTML", riff((b"VP8X", canvas), *parts, (b"XMP ", PAYLOAD))
    yield "WebP with an odd chunk", riff((b"VP8X", canvas), *parts, (b"\0\0\0\0", PAYLOAD))
    heic = read_heic("plain")
    yield "HEIC with a box of code", heic + box(b"uuid", bytes(16) + PAYLOAD)
    yield "HEIC with free code", heic + box(b"free", PAYLOAD)
    yield "HEIC with an odd box", heic + box(b"\0\1\2\3", PAYLOAD)


def _list_fractions(count: int) -> bytes:
    """Return EXIF whose one entry is a list of fractions, then the payload."""
    root = struct.pack(">HHHII", 1, 0x8769, 4, 1, 26) + bytes(4)
    inner = struct.pack(">HHHII", 1, 0x9205, 5, count, 44) + bytes(4)
    return b"MM\0*\0\0\0\x08" + root + inner + 8 * count * b"\1" + PAYLOAD


def _with_exif(jpeg: bytes, blob: bytes) -> bytes:
    return jpeg[:2] + segment(0xE1, b"Exif\0\0" + blob) + jpeg[2:]


def list_fine() -> Files:
    """Yield what is odd and still a good photograph."""
    yield from list_photos().items()
    picture = Image.fromarray(draw())
    for orientation in range(1, 9):
        yield f"orientation {orientation}", save("JPEG", exif=make_exif(orientation))
    yield "orientation 9", save("JPEG", exif=make_exif(9))
    yield "restart markers", save("JPEG", restart_marker_blocks=1)
    yield "restart rows", save("JPEG", restart_marker_rows=1, quality=50)
    for subsampling in ("4:4:4", "4:2:2", "4:2:0", "4:1:1"):
        yield subsampling, save("JPEG", subsampling=subsampling)
    yield "RGB coded JPEG", save("JPEG", keep_rgb=True)
    yield "quality 1", save("JPEG", quality=1)
    yield "quality 100", save("JPEG", quality=100, subsampling=0)
    yield "flat grey", save("JPEG", np.full((80, 80, 3), 128, np.uint8))
    yield "flat 12 MP", save("JPEG", Image.new("RGB", (4000, 3000), (40, 30, 20)))
    jpeg = save("JPEG")
    adobe = b"Adobe\0\x64\0\0\0\0\1"
    yield "Adobe marker", jpeg[:2] + segment(0xEE, adobe) + jpeg[2:]
    tables, scan = jpeg.index(b"\xff\xc4"), jpeg.index(b"\xff\xda")
    yield "without code tables: then the usual ones hold", jpeg[:tables] + jpeg[scan:]
    yield "filled markers", jpeg.replace(b"\xff\xc0", b"\xff\xff\xff\xff\xc0", 1)
    yield "zeros before the end", jpeg[:-2] + bytes(6) + b"\xff\xd9"
    other = Image.fromarray(draw(70, 90))
    yield "two pictures", save("MPO", save_all=True, append_images=[other])
    yield "trailer of a phone", jpeg + b"SEFT" + bytes(300)
    index = segment(0xE2, b"MPF\0" + bytes(60))
    yield "all pictures of a phone", jpeg[:2] + index + jpeg[2:]
    yield "16-bit PNG", write_png(160, 120, depth=16)
    for mode in ("1", "L", "P"):
        yield f"PNG of mode {mode}", save("PNG", picture.convert(mode))
    deep = draw()[..., 0].astype(np.uint16) * 257
    yield "16-bit grey PNG", save("PNG", Image.fromarray(deep))
    yield "opaque PNG", save("PNG", picture.convert("RGBA"))
    yield "opaque WebP", save("WEBP", picture.convert("RGBA"), lossless=True)
    rows = zlib.decompress(_pixels_of(save("PNG")))
    packed = zlib.compress(rows)
    pieces = [chunk(b"IDAT", packed[i : i + 50]) for i in range(0, len(packed), 50)]
    yield "PNG in small pieces", write_png(160, 120, *pieces)
    yield "PNG with an empty piece", write_png(160, 120, chunk(b"IDAT"), *pieces)
    for name in ("plain", "turned", "opaque", "private"):
        yield f"HEIC {name}", read_heic(name)
    yield "HEIC of brand mif1", put(read_heic("plain"), 8, b"mif1")
