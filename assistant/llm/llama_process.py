"""The process in which llama.cpp serves a model: a script, started by :mod:`assistant.llm.gguf`.

It reads its parameters as a line of JSON from standard input, writes a line of JSON to standard
output when it listens, and ends when its standard input does: with whoever started it, however
that one ends.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

BATCH = 128
"""Tokens of a prompt that are read before it is seen whether anybody still waits."""
PING = 5
"""Seconds of silence, while a prompt is read, after which the server says that it is alive."""


def main() -> None:
    # What native code prints goes to the log; the line that is waited for has a way of its own.
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    wanted = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    server = _serve(wanted)
    print(json.dumps({"address": server.listening_address}), file=told, flush=True)
    threading.Event().wait()


def _end_with_the_parent() -> None:
    sys.stdin.read()
    os._exit(0)  # at once, whatever is being computed


def _serve(wanted: dict[str, Any]) -> Any:
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = wanted["path"]
    parameters.model_alias = {wanted["name"]}
    parameters.api_keys = [wanted["key"]]
    parameters.n_ctx = wanted["context"]
    parameters.n_batch = parameters.n_ubatch = BATCH
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = wanted["threads"]
    parameters.port = 0
    parameters.n_parallel = 1
    parameters.use_jinja = True
    parameters.offline = True
    parameters.ui = False
    parameters.endpoint_slots = True
    parameters.sse_ping_interval = PING
    parameters.verbosity = 2
    return xllamacpp.Server(parameters)


if __name__ == "__main__":
    main()
