"""Visible scalp from photographs, with its error, over the course of a treatment.

The public names are listed in ``__init__.pyi``; each is loaded on first use, so that
``import hairtrack`` stays quick.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
