"""Who is photographed: heads drawn at random, with hair that can thin or fill in.

Lengths are in head widths (ear to ear = 1). The head's own axes are x to the
subject's left, y forward (nose) and z up; on the unit sphere that stands for
the skull, the vertex is (0, 0, 1).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SKIN_TONES = (
    (246, 214, 198),
    (233, 190, 165),
    (208, 158, 126),
    (172, 120, 88),
    (118, 78, 56),
    (66, 43, 34),
)
"""sRGB of bare scalp from very fair to very dark (Fitzpatrick I to VI)."""

HAIR_COLOURS = {
    "black": (22, 19, 19),
    "dark_brown": (46, 33, 27),
    "brown": (82, 58, 42),
    "light_brown": (122, 90, 64),
    "red": (134, 66, 36),
    "blond": (190, 152, 104),
    "grey": (150, 148, 146),
    "white": (222, 220, 214),
}
"""sRGB of hair in even light."""

FLOWS = ("whorl", "part", "forward", "back", "side")
TEXTURES = ("straight", "wavy", "curly", "coily", "buzz", "stubble", "wet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinning:
    """Where hair has become sparse; every strength is in [0, 1].

    Attributes
    ----------
    crown, front, diffuse : float
        Strength at the crown, along the receding hairline, over the top.
    crown_radius : float
        Radius of the bald spot on the unit sphere, in radians.
    recession : float
        How far the hairline has moved back, in radians.
    patches : tuple
        Bald patches, each (x, y, z, radius) on the unit sphere.
    """

    crown: float = 0.0
    crown_radius: float = 0.5
    front: float = 0.0
    recession: float = 0.3
    diffuse: float = 0.0
    patches: tuple[tuple[float, float, float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One person: skull, skin, hair and what has been lost of it."""

    seed: int
    axes: tuple[float, float, float]
    egg: float
    hairline: tuple[float, float, float]
    skin: tuple[float, float, float]
    tone: int
    mottle: float
    redness: float
    shine: float
    moles: int
    colour: str
    hair: tuple[float, float, float]
    grey_share: float
    texture: str
    flow: str
    coverage: float
    density: float
    length: float
    width: float
    elevation: float
    volume: float
    curl: tuple[float, float]
    whorl: tuple[float, float]
    thinning: Thinning

    def with_density(self, factor: float) -> Head:
        """Return the same person with `factor` times as many hairs per area.

        The follicles that bear hair stay the same; others wake or fall asleep,
        the last to fall asleep being the first to wake.
        """
        return dataclasses.replace(self, density=self.density * factor)


def random_thinning(rng: np.random.Generator) -> Thinning:
    """Draw a pattern: none, crown, hairline, diffuse, patches or several at once."""
    kind = rng.choice(
        ["none", "crown", "front", "both", "bald", "diffuse", "patches"],
        p=[0.14, 0.16, 0.10, 0.22, 0.14, 0.13, 0.11],
    )
    strong = float(rng.uniform(0.3, 1.0))
    patches: tuple[tuple[float, float, float, float], ...] = ()
    if kind == "patches":
        centres = rng.normal(size=(int(rng.integers(1, 6)), 3)) + np.array((0, -0.1, 1.3))
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
        radii = rng.uniform(0.08, 0.35, len(centres))
        patches = tuple(
            (float(x), float(y), float(z), float(r))
            for (x, y, z), r in zip(centres, radii, strict=True)
        )
    bald = kind == "bald"
    return Thinning(
        crown=strong if kind in ("crown", "both") else float(bald),
        crown_radius=float(rng.uniform(0.7, 1.15) if bald else rng.uniform(0.2, 0.75)),
        front=strong if kind in ("front", "both") else float(bald),
        recession=float(rng.uniform(0.4, 1.2) if bald else rng.uniform(0.1, 0.7)),
        diffuse=float(
            rng.uniform(0.2, 0.95)
            if kind == "diffuse"
            else rng.uniform(0, 0.35) * (rng.random() < 0.5)
        ),
        patches=patches,
    )


def _hair_form(rng: np.random.Generator, texture: str) -> dict[str, object]:
    """Length, width, elevation, volume and curl that go with a texture."""
    long = float(np.exp(rng.uniform(np.log(0.10), np.log(0.55))))
    form = {
        "straight": (long, 0.2, 0.05, (0.0, 1.0)),
        "wavy": (
            long,
            0.3,
            0.07,
            (float(rng.uniform(0.004, 0.02)), float(rng.uniform(0.1, 0.3))),
        ),
        "curly": (
            float(rng.uniform(0.1, 0.3)),
            0.5,
            0.10,
            (float(rng.uniform(0.010, 0.03)), float(rng.uniform(0.05, 0.12))),
        ),
        "coily": (
            float(rng.uniform(0.05, 0.16)),
            0.9,
            0.08,
            (float(rng.uniform(0.006, 0.014)), float(rng.uniform(0.02, 0.045))),
        ),
        "buzz": (float(rng.uniform(0.025, 0.09)), 0.8, 0.05, (0.0, 1.0)),
        "stubble": (float(rng.uniform(0.006, 0.022)), 0.9, 0.02, (0.0, 1.0)),
        "wet": (long, 0.1, 0.02, (float(rng.uniform(0.0, 0.008)), 0.2)),
    }[texture]
    length, elevation, volume, curl = form
    fine = texture in ("buzz", "stubble")
    widths = (0.0005, 0.0013) if fine else (0.0005, 0.0032)
    return {
        "length": length,
        "width": float(np.exp(rng.uniform(*np.log(widths)))),
        "elevation": elevation * float(rng.uniform(0.6, 1.4)),
        "volume": volume * float(rng.uniform(0.5, 1.5)),
        "curl": curl,
    }


def vary(
    rng: np.random.Generator, colour: tuple[int, int, int], spread: float
) -> tuple[float, float, float]:
    """Return the sRGB colour, brightened or darkened by about `spread`, hardly shifted."""
    gain = rng.normal(1, spread) + rng.normal(0, 0.02, 3)
    red, green, blue = (float(v) for v in np.clip(np.asarray(colour) * gain, 6, 250))
    return red, green, blue


def random_head(rng: np.random.Generator, **fixed: object) -> Head:
    """Draw a person at random.

    Parameters
    ----------
    rng : numpy.random.Generator
        The only source of chance.
    **fixed
        Fields of `Head` to hold. ``tone`` (0 to 5), ``colour`` (a key of
        `HAIR_COLOURS`) and ``texture`` also set what follows from them.

    Returns
    -------
    Head
        The same generator state gives the same person.
    """
    tone = int(rng.integers(len(SKIN_TONES)))
    tone = int(fixed.get("tone", tone))  # type: ignore[call-overload]
    dark = rng.random() < (0.35 if tone < 3 else 0.85)
    names = ("black", "dark_brown") if dark else tuple(HAIR_COLOURS)
    colour = str(fixed.get("colour", rng.choice(names)))
    texture = str(
        rng.choice(
            TEXTURES,
            p=(
                [0.32, 0.18, 0.10, 0.02, 0.16, 0.10, 0.12]
                if tone < 4
                else [0.14, 0.08, 0.12, 0.24, 0.22, 0.14, 0.06]
            ),
        )
    )
    texture = str(fixed.get("texture", texture))
    values: dict[str, object] = {
        "seed": int(rng.integers(2**31)),
        "axes": (0.5, float(rng.uniform(0.54, 0.70)), float(rng.uniform(0.52, 0.70))),
        "egg": float(rng.uniform(-0.22, 0.02)),
        "hairline": (
            float(rng.uniform(0.75, 1.10)),
            float(rng.uniform(1.45, 1.80)),
            float(rng.uniform(2.0, 2.3)),
        ),
        "skin": vary(rng, SKIN_TONES[tone], 0.07),
        "tone": tone,
        "mottle": float(rng.uniform(0.01, 0.08)),
        "redness": float(rng.uniform(0, 0.18)),
        "shine": float(rng.uniform(0, 1) ** 2),
        "moles": int(rng.integers(0, 14)),
        "colour": colour,
        "hair": vary(rng, HAIR_COLOURS[colour], 0.15),
        "grey_share": float(rng.choice([0.0, rng.uniform(0, 0.3), rng.uniform(0.2, 1.0)])),
        "texture": texture,
        "flow": str(rng.choice(FLOWS, p=[0.36, 0.2, 0.2, 0.1, 0.14])),
        "coverage": float(1 - np.exp(-rng.uniform(0.9, 4.5))),
        "density": 1.0,
        "whorl": (float(rng.normal(0.05, 0.12)), float(rng.uniform(-0.65, -0.2))),
        "thinning": random_thinning(rng),
    } | _hair_form(rng, texture)
    return Head(**(values | fixed))  # type: ignore[arg-type]


def hairline_angle(head: Head, azimuth: Array) -> Array:
    """Polar angle of the original hairline at an azimuth (0 is the front), radians."""
    front, side, back = head.hairline
    first = (front - back) / 2
    mean = (front + back) / 2
    second = (mean - side) / 2
    angle = (
        mean
        - second
        + first * np.cos(azimuth)
        + second * np.cos(2 * azimuth)
        - 0.05 * np.cos(3 * azimuth) * (1 + np.cos(azimuth))
    )
    return np.asarray(angle, np.float32)


def polar(points: Array) -> tuple[Array, Array]:
    """Polar angle from the vertex and azimuth from the front of points on the sphere."""
    angle = np.arccos(np.clip(points[..., 2], -1, 1))
    return angle, np.arctan2(points[..., 0], points[..., 1])


def scalp_depth(head: Head, points: Array) -> Array:
    """Radians by which points of the sphere lie inside the original hairline."""
    angle, azimuth = polar(points)
    return hairline_angle(head, azimuth) - angle


def density_at(head: Head, points: Array) -> Array:
    """Share of follicles that bear hair at points of the sphere, in [0, 1]."""
    thinning = head.thinning
    depth = scalp_depth(head, points)
    share = head.density * np.ones(points.shape[:-1], np.float32)
    centre = np.array((head.whorl[0] * 0.5, -0.35, 0.0), np.float32)
    centre[2] = np.sqrt(1 - centre @ centre)
    reach = np.arccos(np.clip(points @ centre, -1, 1)) / thinning.crown_radius
    share *= 1 - thinning.crown / (1 + np.exp(np.minimum((reach - 1) * 7, 60)))
    _, azimuth = polar(points)
    temples = 1 + 0.5 * np.cos(3 * (np.abs(azimuth) - 0.75))
    ahead = np.clip(np.cos(azimuth) + 0.35, 0, 1)
    receded = (depth / (thinning.recession * temples) - 1) * 9
    share *= 1 - thinning.front * ahead / (1 + np.exp(np.minimum(receded, 60)))
    top = np.clip((points[..., 2] - 0.2) / 0.6, 0, 1)
    share *= 1 - thinning.diffuse * top
    for x, y, z, radius in thinning.patches:
        away = np.arccos(np.clip(points @ np.array((x, y, z), np.float32), -1, 1))
        share *= 1 - 0.97 / (1 + np.exp(np.minimum((away / radius - 1) * 14, 60)))
    return np.asarray(share / (1 + np.exp(np.minimum(-depth * 40, 60))), np.float32)
