"""Settings: one source for each, the environment first, and no secret ever shown."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from assistant.errors import SettingsError
from assistant.settings import Settings, example, variable

ROOT = Path(__file__).resolve().parents[2]
KEY = "sk-very-secret-0123456789"


def load(file: Path = Path("no such file"), /, **environment: str) -> Settings:
    with having(environment):
        return Settings.load(file)


@contextmanager
def having(environment: dict[str, str]) -> Iterator[None]:
    """Exactly these settings in the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield


def test_env_example_is_the_mirror_of_the_settings() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == example()


def test_env_example_with_every_line_uncommented_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    lines = example().splitlines()
    file.write_text("\n".join(line[1:] for line in lines if "=" in line.split(" ")[0]))
    assert file.read_text().count("\n") + 1 == len(Settings.model_fields)
    assert load(file) == Settings()


def test_nothing_set_is_offline() -> None:
    assert load() == Settings()
    assert not Settings().uses_llm
    assert Settings().embedding == "offline"


def test_every_setting_is_read(tmp_path: Path) -> None:
    stated = {
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": "https://models.example/v1",
        "PINCITE_CORPUS": "articles",
        "PINCITE_HOME": "/var/lib/pincite",
        "PINCITE_LLM": "openai",
        "PINCITE_MODEL": "llama3",
        "PINCITE_JUDGE_MODEL": "llama3:70b",
        "PINCITE_JUDGE": "off",
        "PINCITE_STYLE": "quotes",
        "PINCITE_UNSUPPORTED": "drop",
        "PINCITE_FALLBACK": "Quotes",
        "PINCITE_EMBEDDING": "huggingface:BAAI/bge-m3",
        "PINCITE_EMBEDDING_MODEL": "nomic",
        "PINCITE_RERANKER": "llm",
        "PINCITE_PROMPTS": "mine",
        "PINCITE_PASSAGES": "7",
        "PINCITE_CONTEXT_TOKENS": "800",
        "PINCITE_PASSAGE_TOKENS": "100",
        "PINCITE_OVERLAP_TOKENS": "9",
        "PINCITE_TIMEOUT": "2.5",
        "PINCITE_HOST": "0.0.0.0",
        "PINCITE_PORT": "0",
        "PINCITE_RUNS": "kept",
        "CHROMA_URL": "http://127.0.0.1:8000",
        "CHROMA_HEADERS": "X-Token: a:b",
    }
    expected = Settings(
        openai_api_key=SecretStr(KEY),
        openai_base_url="https://models.example/v1",
        corpus=Path("articles"),
        home=Path("/var/lib/pincite"),
        llm="openai",
        model="llama3",
        judge_model="llama3:70b",
        judge="off",
        style="quotes",
        unsupported="drop",
        fallback="quotes",
        embedding="huggingface:BAAI/bge-m3",
        embedding_model="nomic",
        reranker="llm",
        prompts=Path("mine"),
        passages=7,
        context_tokens=800,
        passage_tokens=100,
        overlap_tokens=9,
        timeout=2.5,
        host="0.0.0.0",
        port=0,
        runs=Path("kept"),
        chroma_url="http://127.0.0.1:8000",
        chroma_headers=SecretStr("X-Token: a:b"),
    )
    assert stated.keys() == {variable(name) for name in Settings.model_fields}
    assert load(**stated) == expected
    file = tmp_path / ".env"
    file.write_text("".join(f"{name}='{value}'\n" for name, value in stated.items()))
    assert load(file) == expected


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PINCITE_MODEL=filed\nPINCITE_PORT=1\n")
    settings = load(file, PINCITE_MODEL="given")
    assert (settings.model, settings.port) == ("given", 1)


def test_an_empty_variable_unsets_what_the_file_says(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PINCITE_MODEL=filed\n")
    assert load(file, PINCITE_MODEL=" ") == Settings()


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("PINCITE_MODEL=a$HOME#b", "a$HOME#b"),
        ("export PINCITE_MODEL=a", "a"),
        ("PINCITE_MODEL = a  # why", "a"),
        ('PINCITE_MODEL="a b"', "a b"),
        ("\ufeffPINCITE_MODEL=a", "a"),
        ("PINCITE_MODEL=a\r\n", "a"),
        ("PINCITE_MODEL", "gpt-4.1-mini"),
        ("PINCITE_MODEL=", "gpt-4.1-mini"),
        ("SOMEBODY_ELSES=1\nPINCITE_MODEL=a", "a"),
    ],
)
def test_lines_of_a_file(tmp_path: Path, line: str, value: str) -> None:
    file = tmp_path / ".env"
    file.write_bytes(line.encode())
    assert load(file).model == value


def test_a_folder_called_env_is_not_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert load(tmp_path / ".env") == Settings()


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"PINCITE_MODEL=\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read: save it as UTF-8 text"):
        load(file)


def test_a_malformed_line_is_named_and_not_shown(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"PINCITE_PORT=1\nOPENAI_API_KEY='{KEY}\n")
    with pytest.raises(SettingsError, match=r"line 2: write NAME=value\.") as caught:
        load(file)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("PINCITE_LMM", "none", "PINCITE_LMM is not a setting: did you mean PINCITE_LLM?"),
        ("PINCITE_CORPUS_PATH", "a", "did you mean PINCITE_CORPUS?"),
        ("PINCITE_", "a", "did you mean PINCITE_"),
        ("PINCITE_LLM", "gpt", "must be none, openai or gguf:/path/model.gguf, not 'gpt'."),
        ("PINCITE_LLM", "gguf:", "must be none, openai or gguf:/path/model.gguf, not 'gguf:'."),
        ("PINCITE_STRICT", "true", "PINCITE_STRICT is not a setting"),
        ("PINCITE_JUDGE", "true", "PINCITE_JUDGE must be auto or off, not 'true'."),
        ("PINCITE_UNSUPPORTED", "hide", "must be quote, mark or drop, not 'hide'."),
        ("PINCITE_EMBEDDING", "huggingface", "or huggingface:NAME-or-folder, not 'huggingface'."),
        ("PINCITE_RERANKER", "llm", "there is no language model: set PINCITE_LLM"),
        ("PINCITE_PASSAGES", "2.5", "PINCITE_PASSAGES must be a whole number, not '2.5'."),
        ("PINCITE_PASSAGES", "0", "PINCITE_PASSAGES must be 1 to 1000, not '0'."),
        ("PINCITE_PORT", "65536", "PINCITE_PORT must be 0 to 65535, not '65536'."),
        ("PINCITE_TIMEOUT", "soon", "PINCITE_TIMEOUT must be a number, not 'soon'."),
        ("PINCITE_TIMEOUT", "nan", "PINCITE_TIMEOUT must be 0.1 to 3600, not 'nan'."),
        ("PINCITE_OVERLAP_TOKENS", "220", "must be less than PINCITE_PASSAGE_TOKENS (220)"),
        ("PINCITE_LLM", "openai", "set OPENAI_API_KEY, or OPENAI_BASE_URL"),
        ("PINCITE_EMBEDDING", "openai", "PINCITE_EMBEDDING=offline"),
        ("OPENAI_BASE_URL", "localhost:11434/v1", "OPENAI_BASE_URL must be an address such as"),
        ("OPENAI_BASE_URL", "http://", "OPENAI_BASE_URL must be an address such as"),
        ("OPENAI_BASE_URL", "http://h:99999/", "OPENAI_BASE_URL must be an address such as"),
        ("OPENAI_BASE_URL", "http://[::1/v1", "OPENAI_BASE_URL must be an address such as"),
        ("CHROMA_URL", "file:///etc/passwd", "CHROMA_URL must be an address such as"),
        ("CHROMA_HEADERS", "no colon", 'CHROMA_HEADERS must read "Name: value"'),
        ("CHROMA_HEADERS", ": value", 'CHROMA_HEADERS must read "Name: value"'),
    ],
)
def test_a_wrong_value_is_one_sentence_with_the_remedy(
    variable: str, value: str, message: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(**{variable: value})
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_password_in_an_address_is_refused_and_not_shown() -> None:
    with pytest.raises(SettingsError, match="put it into OPENAI_API_KEY") as caught:
        load(OPENAI_BASE_URL=f"https://me:{KEY}@models.example/v1")
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("key", [f"{KEY}\nx", f"{KEY}é"])
def test_a_broken_key_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(SettingsError, match="copy it again") as caught:
        load(OPENAI_API_KEY=key)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("environment", "uses"),
    [
        ({}, False),
        ({"OPENAI_API_KEY": KEY}, True),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, True),
        ({"OPENAI_API_KEY": KEY, "PINCITE_LLM": "none"}, False),
        ({"OPENAI_API_KEY": KEY, "PINCITE_LLM": "OpenAI"}, True),
        ({"OPENAI_API_KEY": "  "}, False),
        ({"PINCITE_LLM": "gguf:/m/Little.gguf"}, True),
    ],
)
def test_who_answers(environment: dict[str, str], uses: bool) -> None:
    assert load(**environment).uses_llm is uses


def test_a_model_in_a_file_is_named_by_its_path() -> None:
    assert load(PINCITE_LLM="gguf:/m/Little.gguf").llm_file == Path("/m/Little.gguf")
    assert load(PINCITE_LLM="GGUF:~/m.gguf").llm_file == Path.home() / "m.gguf"
    assert load(OPENAI_API_KEY=KEY).llm_file is None


def test_the_judge_is_on_where_there_is_a_language_model() -> None:
    assert load(OPENAI_API_KEY=KEY).uses_judge
    assert not load(OPENAI_API_KEY=KEY, PINCITE_JUDGE="off").uses_judge
    assert not Settings().uses_judge


def test_the_corpus_tells_whether_it_was_set() -> None:
    assert load().corpus is None
    assert load().corpus_path == Path("seeds/articles")
    assert load(PINCITE_CORPUS="mine").corpus_path == Path("mine")


def test_headers_for_chroma(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text('CHROMA_HEADERS="Authorization: Bearer a:b\\nX-Other: c"\n')
    assert load(file).headers_for_chroma() == {"Authorization": "Bearer a:b", "X-Other": "c"}
    assert load().headers_for_chroma() == {}


def test_secrets_show_nowhere() -> None:
    settings = load(OPENAI_API_KEY=KEY, CHROMA_HEADERS=f"X-Token: {KEY}")
    shown = [
        repr(settings),
        str(settings),
        f"{settings.openai_api_key}",
        json.dumps(settings.as_dict()),
        repr(settings.model_dump()),
        settings.model_dump_json(),
        repr(vars(settings)),
    ]
    assert not [text for text in shown if KEY in text]
    assert settings.as_dict()["openai_api_key"] == "set"
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == KEY


def test_settings_are_a_value() -> None:
    settings = Settings(style="quotes", openai_api_key=SecretStr(KEY))
    assert pickle.loads(pickle.dumps(settings)) == settings
    assert len({settings, Settings(style="quotes", openai_api_key=SecretStr(KEY))}) == 1
    with pytest.raises(ValueError, match="frozen"):
        settings.style = "prose"


def test_settings_with_changes() -> None:
    settings = Settings(style="quotes", openai_api_key=SecretStr(KEY))
    changed = settings.with_changes(port=0, style="prose")
    assert (changed.port, changed.style, changed.openai_api_key) == (
        0,
        "prose",
        settings.openai_api_key,
    )
    assert settings.style == "quotes"
    with pytest.raises(SettingsError, match="PINCITE_PORT must be 0 to 65535"):
        settings.with_changes(port=-1)
    with pytest.raises(SettingsError, match=r"stile is not a setting: did you mean style\?"):
        settings.with_changes(stile="prose")


TEXTS = st.dictionaries(st.sampled_from(list(Settings.model_fields)), st.text())


@given(TEXTS)
def test_any_text_is_read_or_refused_with_a_settings_error(texts: dict[str, Any]) -> None:
    try:
        settings = Settings(**texts)
    except SettingsError:
        return
    assert json.loads(json.dumps(settings.as_dict())) == settings.as_dict()


def test_importing_the_settings_is_cheap() -> None:
    code = "import sys, assistant.settings; print(*sys.modules)"
    heavy = {"llama_index", "openai", "numpy", "httpx", "chromadb"}
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    ).stdout.split()
    assert heavy.isdisjoint(loaded)
