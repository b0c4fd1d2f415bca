"""Articles in, hits out.

``Library`` is what the outside uses; it is imported on first use, so that
``import index`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.library import Library

__all__ = ["Library"]


def __getattr__(name: str) -> Any:
    if name == "Library":
        from index.library import Library

        return Library
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
