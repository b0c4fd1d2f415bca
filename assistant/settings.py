"""Every setting, read in one place: the environment first, then ``.env`` in the working directory.

``Settings()`` holds the defaults; ``Settings.load()`` reads what is configured here and now.
``.env.example`` is :func:`example`, word for word.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from assistant.errors import SettingsError
from index.passages import DEFAULT_BUDGET, DEFAULT_OVERLAP

DEFAULT_CORPUS = Path("seeds/articles")
DEFAULT_RUNS = Path("runs")
GGUF = "gguf:"
"""How a language model in a file is named; its path follows."""
HUGGINGFACE = "huggingface:"
"""How a model of the Hugging Face hub, or in a folder of its layout, is named."""

_PREFIX = "PINCITE_"
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "path": "a path",
    "string": "a text",
}


def _llm(text: str) -> str:
    kind, colon, path = text.partition(":")
    if kind.lower() == "gguf" and path.strip():
        return f"{GGUF}{Path(path.strip()).expanduser()}"
    if colon or kind.lower() not in ("none", "openai"):
        raise ValueError("must be none, openai or gguf:/path/model.gguf")
    return kind.lower()


def _embedding(text: str) -> str:
    return _huggingface(text, "offline", "openai")


def _reranker(text: str) -> str:
    return _huggingface(text, "none", "llm")


def _huggingface(text: str, *words: str) -> str:
    kind, colon, name = text.partition(":")
    if kind.lower() == "huggingface" and name.strip():
        return f"{HUGGINGFACE}{name.strip()}"
    if colon or kind.lower() not in words:
        raise ValueError(f"must be {', '.join(words)} or huggingface:NAME-or-folder")
    return kind.lower()


_ANY_CASE = BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)


class Settings(BaseSettings):
    """What is configured: immutable, comparable, picklable.

    Raises ``SettingsError`` where a value does not fit, alone or beside the others.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=_PREFIX,
        validate_by_name=True,
        use_attribute_docstrings=True,
    )

    openai_api_key: Annotated[SecretStr | None, Field(validation_alias="OPENAI_API_KEY")] = None
    """Key of OpenAI, or of the server below."""
    openai_base_url: Annotated[str | None, Field(validation_alias="OPENAI_BASE_URL")] = None
    """Any OpenAI-compatible server, such as http://127.0.0.1:11434/v1 (Ollama). Unset: OpenAI."""
    corpus: Path | None = None
    """Folder or file of articles. Unset: what was indexed last, or the seeds."""
    home: Path = Path(".pincite")
    """Folder that holds the indexes."""
    llm: Annotated[str, AfterValidator(_llm)] | None = None
    """The language model. none: answers are quotations. openai: the server above.
    gguf:/path/model.gguf: a model in a file, run on this machine.
    Unset: openai where there is a key or a server, else none."""
    model: str = "gpt-4.1-mini"
    """The language model's name at its server."""
    judge: Annotated[Literal["auto", "off"], _ANY_CASE] = "auto"
    """auto: a language model, where there is one, judges whether the cited text supports what was
    written. off: nothing does, and written statements stay unchecked."""
    judge_model: str | None = None
    """Another model of that server, to judge. Unset: the same model."""
    style: Annotated[Literal["prose", "quotes"], _ANY_CASE] = "prose"
    """prose: the language model writes. quotes: it only chooses sentences, which are quoted."""
    unsupported: Annotated[Literal["quote", "mark", "drop"], _ANY_CASE] = "quote"
    """A written statement that its sources do not support. quote: is replaced by their words.
    mark: stays, marked. drop: is left out."""
    fallback: Annotated[Literal["none", "quotes"], _ANY_CASE] = "none"
    """When the language model fails. none: the error is reported. quotes: it is reported, and
    the answer is quotations."""
    embedding: Annotated[str, AfterValidator(_embedding)] = "offline"
    """What turns text into vectors. offline: the bundled model. openai: the server above.
    huggingface:NAME-or-folder: a model run on this machine."""
    embedding_model: str = "text-embedding-3-small"
    """The embedding model's name at the server (for PINCITE_EMBEDDING=openai)."""
    reranker: Annotated[str, AfterValidator(_reranker)] = "none"
    """What reorders the passages found. huggingface:NAME-or-folder: a cross-encoder run on this
    machine. llm: the language model."""
    prompts: Path | None = None
    """Folder with prompts of your own; the built-in ones stand in for those it lacks."""
    passages: Annotated[int, Field(ge=1, le=1_000)] = 12
    """How many passages are retrieved for a question."""
    context_tokens: Annotated[int, Field(ge=100, le=1_000_000)] = 6_000
    """How many tokens of them an answer may read."""
    passage_tokens: Annotated[int, Field(ge=16, le=8_000)] = DEFAULT_BUDGET
    """The longest passage, in tokens. A change needs `pincite index --rebuild`."""
    overlap_tokens: Annotated[int, Field(ge=0, le=8_000)] = DEFAULT_OVERLAP
    """How many tokens neighbouring passages share. A change needs `pincite index --rebuild`."""
    timeout: Annotated[float, Field(ge=0.1, le=3_600)] = 60.0
    """Seconds of silence after which a server has failed."""
    host: str = "127.0.0.1"
    """Address that the chat listens on."""
    port: Annotated[int, Field(ge=0, le=65_535)] = 7860
    """Port of the chat; 0 takes a free one."""
    runs: Path = DEFAULT_RUNS
    """Folder of kept runs, for the chat's page Evaluation."""
    chroma_url: Annotated[str | None, Field(validation_alias="CHROMA_URL")] = None
    """A Chroma server, such as http://127.0.0.1:8000. Unset: Chroma runs in this program."""
    chroma_headers: Annotated[SecretStr | None, Field(validation_alias="CHROMA_HEADERS")] = None
    """Headers for a proxy before it: "Name: value", several with \\n between them."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """``Settings()`` reads nothing; :meth:`load` does."""
        return (init_settings,)

    @classmethod
    def load(cls, file: Path = Path(".env")) -> Self:
        """The settings of the environment, over those in ``file``.

        An empty value counts as unset. Raises ``SettingsError``.
        """
        _refuse_unknown([*_names_in(file), *os.environ])
        in_file = DotEnvSettingsSource(
            cls, file, env_file_encoding="utf-8-sig", dotenv_filtering="only_existing"
        )
        return cls(**(in_file() | EnvSettingsSource(cls)()))

    @model_validator(mode="wrap")
    @classmethod
    def _in_one_sentence(cls, values: Any, handler: Any) -> Any:
        """Validate; what pydantic reports in its own form becomes a ``SettingsError``."""
        try:
            return handler(_filled(values) if isinstance(values, Mapping) else values)
        except ValidationError as error:
            raise SettingsError(_sentence(error.errors()[0])) from None

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.overlap_tokens >= self.passage_tokens:
            raise SettingsError(
                "PINCITE_OVERLAP_TOKENS must be less than PINCITE_PASSAGE_TOKENS "
                f"({self.passage_tokens}), not {self.overlap_tokens}."
            )
        _check_url("OPENAI_BASE_URL", self.openai_base_url, "OPENAI_API_KEY")
        _check_url("CHROMA_URL", self.chroma_url, "CHROMA_HEADERS")
        _check_key(self.openai_api_key)
        self.headers_for_chroma()
        self._check_models()
        return self

    @property
    def uses_llm(self) -> bool:
        """Whether a language model is configured."""
        if self.llm is None:
            return self._has_server
        return self.llm != "none"

    @property
    def uses_judge(self) -> bool:
        """Whether a language model judges what was written."""
        return self.uses_llm and self.judge == "auto"

    @property
    def llm_file(self) -> Path | None:
        """The language model's file, where it is one on this machine."""
        return Path(str(self.llm).removeprefix(GGUF)) if (self.llm or "").startswith(GGUF) else None

    @property
    def corpus_path(self) -> Path:
        """Where the articles are, set or not."""
        return self.corpus or DEFAULT_CORPUS

    def headers_for_chroma(self) -> dict[str, str]:
        """``chroma_headers`` by name. They are secret."""
        text = self.chroma_headers.get_secret_value() if self.chroma_headers else ""
        pairs = [line.partition(":") for line in text.splitlines() if line.strip()]
        if not all(name.strip() and colon and value.isascii() for name, colon, value in pairs):
            raise SettingsError(
                'CHROMA_HEADERS must read "Name: value", several with \\n between them.'
            )
        return {name.strip(): value.strip() for name, _, value in pairs}

    def with_changes(self, **changes: Any) -> Self:
        """These settings with some of another value. Raises ``SettingsError``."""
        return type(self)(**({name: getattr(self, name) for name in _fields()} | changes))

    def as_dict(self) -> dict[str, str | int | float | None]:
        """Every setting by its name here, fit for JSON; of a secret only that it is set."""
        return {name: plain(getattr(self, name)) for name in _fields()}

    @property
    def _has_server(self) -> bool:
        return self.openai_api_key is not None or self.openai_base_url is not None

    def _check_models(self) -> None:
        needs_server = {"PINCITE_LLM": (self.llm, "none")} | {
            "PINCITE_EMBEDDING": (self.embedding, "offline")
        }
        for name, (value, otherwise) in needs_server.items():
            if value == "openai" and not self._has_server:
                raise SettingsError(
                    f"{name} is openai, but there is no server to ask: set OPENAI_API_KEY, "
                    f"or OPENAI_BASE_URL for another one, or {name}={otherwise}."
                )
        if self.reranker == "llm" and not self.uses_llm:
            raise SettingsError(
                "PINCITE_RERANKER is llm, but there is no language model: set PINCITE_LLM, "
                "or PINCITE_RERANKER=none."
            )


def variable(name: str) -> str:
    """The environment variable of a setting."""
    alias = _fields()[name].validation_alias
    return alias if isinstance(alias, str) else f"{_PREFIX}{name.upper()}"


def example() -> str:
    """The text of ``.env.example``: every setting with its default, each commented out."""
    lines = [
        "# Copy to .env and remove the # from what you change. The environment goes first.",
        "# The values here are the defaults.",
    ]
    for name, field in _fields().items():
        default = plain(field.default)
        shown = "" if default is None else default
        lines += ["", f"# {' '.join(field.description.split())}", f"#{variable(name)}={shown}"]
    return "\n".join(lines) + "\n"


def _fields() -> Mapping[str, Any]:
    return Settings.model_fields


def plain(value: object) -> str | int | float | None:
    """A setting's value, fit for JSON; of a secret only that it is set."""
    if isinstance(value, SecretStr):
        return "set"
    return value if value is None or isinstance(value, int | float) else str(value)


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without blank ones, texts stripped."""
    stripped = {k: v.strip() if isinstance(v, str) else v for k, v in values.items()}
    return {name: value for name, value in stripped.items() if value != ""}


def _names_in(file: Path) -> Iterable[str]:
    """The names that a file sets. Raises ``SettingsError`` where a line is malformed."""
    if not file.is_file():  # a virtual environment may well be called .env
        return []
    from dotenv.parser import parse_stream

    try:
        with file.open(encoding="utf-8-sig") as stream:
            bindings = list(parse_stream(stream))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{file} cannot be read: save it as UTF-8 text or remove it."
        ) from error
    for binding in bindings:
        if binding.error:
            raise SettingsError(f"{file}, line {binding.original.line}: write NAME=value.")
    return [binding.key for binding in bindings if binding.key]


def _refuse_unknown(names: Iterable[str]) -> None:
    known = [variable(name) for name in _fields()]
    for name in names:
        if name.startswith(_PREFIX) and name not in known:
            raise SettingsError(_unknown(name, known))


def _unknown(name: str, known: Iterable[str]) -> str:
    nearest = get_close_matches(name, known, n=1, cutoff=0.0)[0]
    return f"{name} is not a setting: did you mean {nearest}?"


def _sentence(error: ErrorDetails) -> str:
    """What pydantic says of a value, as one sentence with the variable and the value."""
    given = str(error["loc"][0]) if error["loc"] else ""
    name = next((name for name in _fields() if given in (name, variable(name))), None)
    if name is None:
        return _unknown(given, list(_fields()))
    shown = "" if name in ("openai_api_key", "chroma_headers") else f", not {error['input']!r}"
    return f"{variable(name)} {_expected(name, error)}{shown}."


def _expected(name: str, error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    if "error" in context:
        return str(context["error"])
    if "expected" in context:
        return f"must be {str(context['expected']).replace(chr(39), '')}"
    if error["type"] in ("greater_than_equal", "less_than_equal", "finite_number"):
        lower, upper = _fields()[name].metadata
        return f"must be {lower.ge} to {upper.le}"
    kind = error["type"].partition("_")[0]
    return f"must be {_KINDS[kind]}" if kind in _KINDS else f"is wrong: {error['msg']}"


def _check_url(name: str, url: str | None, secret: str) -> None:
    # The value is not shown: it may hold a password.
    if url is None:
        return
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise SettingsError(f"{name} must be an address such as http://127.0.0.1:8000/v1.")
    if parts.username is not None or parts.password is not None:
        raise SettingsError(f"{name} contains a name or password: put it into {secret} instead.")


def _check_key(key: SecretStr | None) -> None:
    text = key.get_secret_value() if key else ""
    if not (text.isascii() and (text.isprintable() or not text)):
        raise SettingsError("OPENAI_API_KEY contains characters that no key has: copy it again.")
