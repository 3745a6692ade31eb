"""The settings that ship: on loopback, silent, and without tracebacks for people."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("server", "address", "127.0.0.1"),
        ("server", "allowedHosts", ["127.0.0.1", "localhost", "*.localhost"]),
        ("server", "enableCORS", True),
        ("server", "enableXsrfProtection", True),
        ("server", "maxUploadSize", 60),
        ("browser", "gatherUsageStats", False),
        ("client", "toolbarMode", "minimal"),
        ("client", "showErrorDetails", "none"),
        ("client", "showErrorLinks", False),
    ],
)
def test_setting(section: str, name: str, value: object) -> None:
    assert CONFIG[section][name] == value


def test_streamlit_knows_every_setting() -> None:
    from streamlit import config

    known = set(config.get_config_options())
    for section, options in CONFIG.items():
        for name, value in options.items():
            inner = value if isinstance(value, dict) else {"": value}
            for key in inner:
                assert ".".join(part for part in (section, name, key) if part) in known


def mix(colour: str, ground: str, share: float) -> list[float]:
    """Mix a colour onto a ground, as Streamlit does for its smaller print."""
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(ground[1:]), strict=True)
    return [share * c + (1 - share) * g for c, g in pairs]


def luminance(codes: list[float]) -> float:
    """Return the relative luminance of WCAG 2."""
    linear = [
        v / 12.92 if (v := code / 255) <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
        for code in codes
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour: str, ground: str, *, share: float = 1.0) -> float:
    first, second = luminance(mix(colour, ground, share)), luminance(mix(ground, ground, 1))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_from_its_ground(theme: str) -> None:
    colours = CONFIG["theme"][theme]
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(colours["textColor"], colours[ground]) > 7
        assert contrast(colours["linkColor"], colours[ground]) > 4.5
    # Captions are drawn with 60 % of the text colour.
    assert contrast(colours["textColor"], colours["backgroundColor"], share=0.6) > 4.5
    assert contrast("#ffffff", colours["primaryColor"]) > 4.5
    assert contrast(colours["primaryColor"], colours["backgroundColor"]) > 3
