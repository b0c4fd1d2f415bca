"""Every setting, read in one place: the environment first, then ``.env`` in the working directory.

``Settings()`` is what holds where nothing is set; ``Settings.load()`` is what holds here and now.
``.env.example`` is :func:`example`, word for word.
"""

# ruff: noqa: RUF009 (`option` is `dataclasses.field` with a variable and a line of help)
from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, Self, TypeVar
from urllib.parse import urlsplit

from assistant.errors import SettingsError
from index.passages import DEFAULT_BUDGET, DEFAULT_OVERLAP

T = TypeVar("T")

DEFAULT_CORPUS = Path("seeds/articles")
DEFAULT_RUNS = Path("runs")
GGUF = "gguf:"
"""How a language model in a file is named; its path follows."""
_PREFIX = "PINCITE_"
_SWITCH = {"1": True, "true": True, "yes": True, "on": True} | {
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


class Secret:
    """A text that shows only in :meth:`reveal`: not in a repr, a log, a traceback or JSON."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


def option(variable: str, default: T, read: Callable[[str], T], about: str) -> T:
    """A field of :class:`Settings`: its environment variable, how to read it, a line of help.

    ``read`` raises ``ValueError`` with the end of a sentence: what the value must be.
    """
    value: T = field(default=default, metadata={"variable": variable, "read": read, "about": about})
    return value


def one_of(*words: str) -> Callable[[str], Any]:
    def read(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"must be {' or '.join(words)}")
        return text.lower()

    return read


def which_llm(text: str) -> str:
    """``none``, ``openai`` or ``gguf:`` and a path."""
    kind, colon, path = text.partition(":")
    if kind.lower() == "gguf" and path.strip():
        return f"{GGUF}{Path(path.strip()).expanduser()}"
    if colon or kind.lower() not in ("none", "openai"):
        raise ValueError("must be none, openai or gguf:/path/model.gguf")
    return kind.lower()


def switch(text: str) -> bool:
    if text.lower() not in _SWITCH:
        raise ValueError("must be true or false")
    return _SWITCH[text.lower()]


def whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("must be a whole number") from None


def seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError("must be a number of seconds") from None


@dataclass(frozen=True)
class Settings:
    """What is configured. Raises ``SettingsError`` where values do not fit, alone or together."""

    openai_api_key: Secret | None = option(
        "OPENAI_API_KEY", None, Secret, "Key of OpenAI or of the server below. Without: offline."
    )
    openai_base_url: str | None = option(
        "OPENAI_BASE_URL",
        None,
        str,
        "Any OpenAI-compatible server, such as http://127.0.0.1:11434/v1 (Ollama). Unset: OpenAI.",
    )
    corpus: Path | None = option(
        "PINCITE_CORPUS", None, Path, "Folder or file of articles. Unset: seeds/articles."
    )
    home: Path = option("PINCITE_HOME", Path(".pincite"), Path, "Folder that holds the indexes.")
    llm: str | None = option(
        "PINCITE_LLM",
        None,
        which_llm,
        "none: answers are quotations. openai: a language model writes them. "
        "gguf:/path/model.gguf: one in a file does, on this machine. "
        "Unset: openai if there is a key or a server, else none.",
    )
    model: str = option(
        "PINCITE_MODEL", "gpt-4.1-mini", str, "The language model's name at its server."
    )
    embedding: Literal["offline", "openai"] = option(
        "PINCITE_EMBEDDING",
        "offline",
        one_of("offline", "openai"),
        "Who turns text into vectors: the bundled model, or the server above.",
    )
    embedding_model: str = option(
        "PINCITE_EMBEDDING_MODEL",
        "text-embedding-3-small",
        str,
        "The embedding model's name there (for PINCITE_EMBEDDING=openai).",
    )
    prompts: Path | None = option(
        "PINCITE_PROMPTS",
        None,
        Path,
        "Folder with prompts of your own; built-in ones fill its gaps.",
    )
    strict: bool = option(
        "PINCITE_STRICT", False, switch, "true: statements that fail the checks are left out."
    )
    fallback: Literal["none", "extractive"] = option(
        "PINCITE_FALLBACK",
        "none",
        one_of("none", "extractive"),
        "When the language model fails: none reports it, extractive reports it and quotes instead.",
    )
    gate: bool = option(
        "PINCITE_GATE",
        True,
        switch,
        "true: the language model is asked first, in one token, whether the passages answer. "
        "Needs a server that tells probabilities; else it is passed over.",
    )
    judge: bool = option(
        "PINCITE_JUDGE",
        False,
        switch,
        "true: the language model is also asked whether each statement it wrote is supported. "
        "It can only refute.",
    )
    passages: int = option(
        "PINCITE_PASSAGES", 12, whole, "How many passages are searched out for a question."
    )
    context_tokens: int = option(
        "PINCITE_CONTEXT_TOKENS", 3000, whole, "How many tokens of them an answer may read."
    )
    passage_tokens: int = option(
        "PINCITE_PASSAGE_TOKENS",
        DEFAULT_BUDGET,
        whole,
        "Longest passage, in tokens. A change re-indexes.",
    )
    overlap_tokens: int = option(
        "PINCITE_OVERLAP_TOKENS",
        DEFAULT_OVERLAP,
        whole,
        "What neighbouring passages share, in tokens.",
    )
    timeout: float = option(
        "PINCITE_TIMEOUT", 60.0, seconds, "Seconds of silence after which a server is given up."
    )
    host: str = option("PINCITE_HOST", "127.0.0.1", str, "Address the chat listens on.")
    port: int = option("PINCITE_PORT", 7860, whole, "Port of the chat; 0 takes any free one.")
    runs: Path = option(
        "PINCITE_RUNS",
        DEFAULT_RUNS,
        Path,
        "Folder of the kept runs that the chat's page Evaluation shows.",
    )
    chroma_url: str | None = option(
        "CHROMA_URL", None, str, "A Chroma server, such as http://127.0.0.1:8000. Unset: embedded."
    )
    chroma_headers: Secret | None = option(
        "CHROMA_HEADERS",
        None,
        Secret,
        'Headers for a proxy before it: "Name: value", several with \\n between them.',
    )

    @classmethod
    def load(cls, environment: Mapping[str, str] | None = None, file: Path = Path(".env")) -> Self:
        """The settings of ``environment`` (the process's own by default) over those in ``file``.

        An empty value counts as unset. Raises ``SettingsError``.
        """
        given = os.environ if environment is None else environment
        stated = {name: text.strip() for name, text in {**_read(file), **given}.items()}
        _refuse_unknown(stated)
        return cls(
            **{
                option.name: _value(option.metadata["variable"], option.metadata["read"], text)
                for option in fields(cls)
                if (text := stated.get(option.metadata["variable"], ""))
            }
        )

    def __post_init__(self) -> None:
        for name, least, most in _RANGES:
            value = getattr(self, name)
            if not least <= value <= most:
                raise SettingsError(f"{_variable(name)} must be {least} to {most}, not {value}.")
        if self.overlap_tokens >= self.passage_tokens:
            raise SettingsError(
                "PINCITE_OVERLAP_TOKENS must be less than PINCITE_PASSAGE_TOKENS "
                f"({self.passage_tokens}), not {self.overlap_tokens}."
            )
        _check_url("OPENAI_BASE_URL", self.openai_base_url, "OPENAI_API_KEY")
        _check_url("CHROMA_URL", self.chroma_url, "CHROMA_HEADERS")
        _check_key(self.openai_api_key)
        self.headers_for_chroma()
        self._check_server()

    @property
    def uses_llm(self) -> bool:
        """Whether a language model writes the answers."""
        if self.llm is None:
            return self._has_server
        return self.llm != "none"

    @property
    def llm_file(self) -> Path | None:
        """The language model's file, where it is one of this machine's."""
        return Path(str(self.llm).removeprefix(GGUF)) if (self.llm or "").startswith(GGUF) else None

    @property
    def corpus_path(self) -> Path:
        """Where the articles are, set or not."""
        return self.corpus or DEFAULT_CORPUS

    def headers_for_chroma(self) -> dict[str, str]:
        """``chroma_headers`` by name. They are secret."""
        lines = self.chroma_headers.reveal().splitlines() if self.chroma_headers else []
        pairs = [line.partition(":") for line in lines if line.strip()]
        if not all(name.strip() and colon and value.isascii() for name, colon, value in pairs):
            raise SettingsError(
                'CHROMA_HEADERS must read "Name: value", several with \\n between them.'
            )
        return {name.strip(): value.strip() for name, _, value in pairs}

    def as_dict(self) -> dict[str, str | int | float | bool | None]:
        """Every setting by its name here, fit for JSON; of a secret only that it is set."""
        return {option.name: _plain(getattr(self, option.name)) for option in fields(self)}

    @property
    def _has_server(self) -> bool:
        return self.openai_api_key is not None or self.openai_base_url is not None

    def _check_server(self) -> None:
        needs = {"PINCITE_LLM": self.llm, "PINCITE_EMBEDDING": self.embedding}
        for variable, value in needs.items():
            if value == "openai" and not self._has_server:
                raise SettingsError(
                    f"{variable} is openai, but there is no server to ask: set OPENAI_API_KEY, "
                    f"or OPENAI_BASE_URL for another one, or {variable}="
                    f"{'none' if variable == 'PINCITE_LLM' else 'offline'}."
                )


_RANGES = (
    ("passages", 1, 1_000),
    ("context_tokens", 100, 1_000_000),
    ("passage_tokens", 16, 8_000),
    ("overlap_tokens", 0, 8_000),
    ("timeout", 0.1, 3_600),
    ("port", 0, 65_535),
)


def example() -> str:
    """The text of ``.env.example``: every setting with its default, each commented out."""
    lines = [
        "# Copy to .env and take the # away from what you change. The environment goes first.",
        "# What stands here is what holds where nothing is set.",
    ]
    for setting in fields(Settings):
        default = _plain(setting.default)
        shown = "" if default is None else str(default).lower()
        lines += ["", f"# {setting.metadata['about']}", f"#{setting.metadata['variable']}={shown}"]
    return "\n".join(lines) + "\n"


def _variable(name: str) -> str:
    (variable,) = (f.metadata["variable"] for f in fields(Settings) if f.name == name)
    return str(variable)


def _plain(value: object) -> str | int | float | bool | None:
    if isinstance(value, Secret):
        return "set"
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)


def _read(file: Path) -> dict[str, str]:
    if not file.is_file():  # a virtual environment may well be called .env
        return {}
    from dotenv.parser import parse_stream

    try:
        with file.open(encoding="utf-8-sig") as stream:
            bindings = list(parse_stream(stream))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read: make it a UTF-8 text or remove it.") from error
    for binding in bindings:
        if binding.error:
            raise SettingsError(f"{file}, line {binding.original.line}: write NAME=value.")
    return {binding.key: binding.value or "" for binding in bindings if binding.key}


def _refuse_unknown(stated: Mapping[str, str]) -> None:
    known = [setting.metadata["variable"] for setting in fields(Settings)]
    for name in stated:
        if name.startswith(_PREFIX) and name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.0)[0]
            raise SettingsError(f"{name} is no setting: did you mean {near}?")


def _value(variable: str, read: Callable[[str], object], text: str) -> Any:
    try:
        return read(text)
    except ValueError as error:
        raise SettingsError(f"{variable} {error}, not {text!r}.") from None


def _check_url(variable: str, url: str | None, secret: str) -> None:
    # The value is not shown: it may hold a password.
    if url is None:
        return
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise SettingsError(f"{variable} must be an address such as http://127.0.0.1:8000/v1.")
    if parts.username is not None or parts.password is not None:
        raise SettingsError(f"{variable} holds a name or password: put it into {secret} instead.")


def _check_key(key: Secret | None) -> None:
    if key and not (key.reveal().isascii() and key.reveal().isprintable()):
        raise SettingsError("OPENAI_API_KEY holds characters no key has: copy it again, whole.")
