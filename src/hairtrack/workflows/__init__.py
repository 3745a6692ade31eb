"""Use cases: the only place where disk meets science.

`hairtrack.imaging.pipeline` measures one photo in memory; what is here is about
a library on disk, and about files that a person names. The names are listed in
``__init__.pyi`` and loaded on first use, so that the command line starts quickly.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
