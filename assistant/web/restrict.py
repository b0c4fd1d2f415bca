"""The page's part "Only some articles": which articles its next questions are asked of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.answer import described
from assistant.web.markup import failure_html
from index.errors import FilterError
from index.filtering import Filter, day_written
from index.register import Holdings

CHOICES = 1000
"""Names offered of authors, and of publishers: those with most articles. Others may be typed."""

MOST_NAMES = 20
"""Names taken in one field."""

LONGEST_NAME = 200
"""Characters of one."""

CLEARED: tuple[Any, ...] = ("", "", [], [])
"""The fields with nothing in them."""

_LABEL = "Only some articles"


@dataclass(frozen=True, slots=True)
class Restriction:
    """The part's components."""

    days: tuple[gr.Textbox, gr.Textbox]
    """The first and the last."""
    names: tuple[gr.Dropdown, gr.Dropdown]
    """Authors, and publishers."""
    told: tuple[gr.Accordion, gr.HTML]
    """What :func:`read` shows: the part itself, its label saying what it admits, and a message."""
    clear: gr.Button

    @property
    def fields(self) -> list[gr.Textbox | gr.Dropdown]:
        """What :func:`wanted` takes."""
        return [*self.days, *self.names]

    @property
    def changes(self) -> list[Callable[..., Any]]:
        """The events after which the part must be read again."""
        return [event for day in self.days for event in (day.blur, day.submit)] + [
            several.change for several in self.names
        ]


def restriction(held: Holdings) -> Restriction:
    """The part, folded up; it asks for authors and publishers only where there are any."""
    with gr.Accordion(_LABEL, open=False, elem_id="restriction") as part:
        with gr.Row():
            days = _day("From", "2015 or 2015-08"), _day("To", "2016-04-28")
        with gr.Row():
            several = _names("Author", held.authors), _names("Publisher", held.publishers)
        with gr.Row():
            message = gr.HTML("", padding=False)
            clear = gr.Button("Clear", size="sm", scale=0, min_width=80)
    return Restriction(days, several, (part, message), clear)


def offered(held: Holdings) -> tuple[Any, Any]:
    """How the fields of authors and publishers are to stand, for what the library holds now."""
    return gr.update(**_choices(held.authors)), gr.update(**_choices(held.publishers))


def read(*fields: object) -> tuple[Filter | None, Any, Any]:
    """The filter, ``None`` if a field cannot be read, and how the part is to stand."""
    try:
        within = wanted(*fields)
    except FilterError as error:
        return None, gr.update(open=True, label=_LABEL), failure_html(str(error))
    return within, gr.update(label=f"{described(within)} only" if within else _LABEL), ""


def wanted(first: object, last: object, authors: object, publishers: object) -> Filter:
    """The filter that the fields ask for, whatever a browser sent. Raises ``FilterError``."""
    days = (
        day_written(text, last=is_last) if (text := str(value or "").strip()) else None
        for value, is_last in ((first, False), (last, True))
    )
    return Filter((next(days), next(days)), _listed(authors), _listed(publishers))


def _listed(names: object) -> tuple[str, ...]:
    several = names if isinstance(names, list) else [] if names is None else [names]
    if len(several) > MOST_NAMES or not all(map(_is_name, several)):
        raise FilterError(f"Choose up to {MOST_NAMES} names of up to {LONGEST_NAME} characters.")
    return tuple(several)


def _is_name(one: object) -> bool:
    return isinstance(one, str) and one.strip() != "" and len(one) <= LONGEST_NAME


def _day(label: str, written: str) -> gr.Textbox:
    return gr.Textbox(label=label, placeholder=written, max_length=10, lines=1, min_width=120)


def _names(label: str, held: Sequence[str]) -> gr.Dropdown:
    return gr.Dropdown(
        value=[],
        multiselect=True,
        max_choices=MOST_NAMES,
        label=label,
        min_width=160,
        **_choices(held),
    )


def _choices(held: Sequence[str]) -> dict[str, Any]:
    choices = [name for name in held if _is_name(name)][:CHOICES]
    return {
        "choices": choices,
        "allow_custom_value": len(choices) < len(held),
        "visible": bool(held),
    }
