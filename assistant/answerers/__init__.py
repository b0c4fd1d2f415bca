"""Evidence in, drafts out: the writer, the selector, the quoter, and what needs no evidence."""

from assistant.answerers.catalogue import LookedUp, look_up
from assistant.answerers.quoter import Quoter
from assistant.answerers.replies import reply_without_search
from assistant.answerers.selector import Selector
from assistant.answerers.writer import Writer
from assistant.draft import Answerer, Conclusion, Draft

__all__ = [
    "Answerer",
    "Conclusion",
    "Draft",
    "LookedUp",
    "Quoter",
    "Selector",
    "Writer",
    "look_up",
    "reply_without_search",
]
