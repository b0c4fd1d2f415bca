"""The prompts: a Jinja file for each purpose, and the loader that holds them to their variables.

A file is checked when it is loaded: it must use every variable of its purpose and no other, and
ask for no attribute that a value lacks. A folder of one's own may replace single files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import PinciteError

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage
    from llama_index.core.prompts import RichPromptTemplate


class PromptError(PinciteError):
    """A prompt file is missing or its variables do not fit."""


_QUESTION: Mapping[str, Any] = {
    "today": "Saturday, 28 May 2016",
    "articles": [
        {
            "source": "“Talks” (1 May 2016)",
            "sentences": [{"number": 1, "text": "A met B.", "apart": False}],
        }
    ],
    "question": "Who met whom?",
    "json": True,
}
SAMPLES: Mapping[str, Mapping[str, Any]] = {
    "answer": _QUESTION,
    "select": _QUESTION,
    "draft": {
        "source": "“Talks” (1 May 2016)",
        "lines": [{"number": 1, "text": "A met B."}],
    },
    "judge": {
        "question": "Who met whom?",
        "claims": [
            {
                "number": 1,
                "text": "B met A.",
                "sources": [{"source": "“Talks” (1 May 2016)", "text": "A met B.", "before": ""}],
                "notes": ["“C” is not in the cited text."],
            }
        ],
    },
    "judge_one": {
        "claim": {
            "text": "B met A.",
            "sources": [{"source": "“Talks” (1 May 2016)", "text": "A met B."}],
        },
    },
    "judge_answer": {"question": "Who met whom?", "reference": "A met B.", "answer": "B met A."},
    "understand": {
        "today": "Saturday, 28 May 2016",
        "count": 5,
        "first": "1 May 2016",
        "last": "9 May 2016",
        "authors": ["Ann Lee"],
        "publishers": ["The Courier"],
        "articles": ["“Talks” (1 May 2016)"],
        "turns": [{"question": "Who met whom?", "answer": "A met B."}],
        "question": "When?",
    },
}
"""The variables of each prompt, with a value of the form they take."""


@dataclass(frozen=True)
class Prompt:
    """A prompt whose variables are known to fit."""

    name: str
    template: RichPromptTemplate

    def messages(self, variables: Mapping[str, Any]) -> list[ChatMessage]:
        """The chat messages. Raises ``PromptError`` where ``variables`` are not its own."""
        if problem := _compare(set(variables), set(SAMPLES[self.name])):
            raise PromptError(f"The prompt {self.name} was given {problem}.")
        return self.template.format_messages(**variables)


def load(name: str, folder: Path | None = None) -> Prompt:
    """The prompt ``name``, from ``folder`` if it has one. Raises ``PromptError``."""
    from jinja2 import TemplateError
    from llama_index.core.prompts import RichPromptTemplate

    file = _find(name, folder)
    text = _read(file)
    try:
        template = RichPromptTemplate(text)
        if problem := _compare(set(template.template_vars), set(SAMPLES[name])):
            raise PromptError(f"The prompt {file} uses {problem}.")
        _render_strictly(text, SAMPLES[name])
        template.format_messages(**SAMPLES[name])
    except (TemplateError, TypeError, ValueError) as error:
        raise PromptError(f"The prompt {file} is no sound template: {error}.") from error
    return Prompt(name, template)


def _find(name: str, folder: Path | None) -> Path:
    if folder is not None and not folder.is_dir():
        raise PromptError(f"There is no folder {folder}: correct PINCITE_PROMPTS or unset it.")
    own = folder and folder / f"{name}.jinja"
    return own if own and own.is_file() else Path(__file__).with_name(f"{name}.jinja")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"The prompt {file} cannot be read as UTF-8 text.") from error


def _compare(given: set[str], declared: set[str]) -> str:
    """What is wrong with the variables ``given``; empty if nothing is."""
    problems = [f"no {name}" for name in sorted(declared - given)]
    problems += [f"an unknown {name}" for name in sorted(given - declared)]
    if not problems:
        return ""
    return f"{', '.join(problems)} (its variables are {', '.join(sorted(declared))})"


def _render_strictly(text: str, sample: Mapping[str, Any]) -> None:
    # LlamaIndex renders what is undefined as nothing; in a loop over the sample it is an error.
    from banks.env import env
    from jinja2 import StrictUndefined

    env.overlay(undefined=StrictUndefined).from_string(text).render(sample)
