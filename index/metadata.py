"""What is known about an article: from its front matter and from its own head and foot."""

from __future__ import annotations

from index.article import Metadata, Span


def front_matter(text: str) -> Span | None:
    """The span of the YAML front matter at the very start of ``text``; ``None`` without one."""
    del text
    return None


def stated(text: str) -> Metadata:
    """What ``text`` itself says about itself."""
    del text
    return Metadata()
