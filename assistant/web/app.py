"""The chat in the browser: start it, or build its page to mount it elsewhere.

Gradio is imported when a page is built, not before.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import SettingsError
from assistant.settings import DEFAULT_RUNS
from assistant.web.security import middleware

if TYPE_CHECKING:
    import gradio as gr

    from assistant.assistant import Assistant


_logger = logging.getLogger(__name__)


def build(assistant: Assistant, *, evaluation: bool = False) -> gr.Blocks:
    """The chat's page, not yet served; ``evaluation``: with a link to the page of that name."""
    # Read at Gradio's import; otherwise it reports to its makers.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from assistant.web.page import page

    blocks: gr.Blocks = page(assistant, evaluation=evaluation)
    return blocks


def start(
    assistant: Assistant,
    host: str,
    port: int,
    open_browser: bool = False,
    runs: Path = DEFAULT_RUNS,
) -> gr.Blocks:
    """Serve the chat from a thread; ``.local_url`` says where, ``.close()`` ends it.

    ``port`` 0 takes any that is free; ``runs`` is the folder that the page Evaluation shows.
    Raises ``SettingsError`` if the address cannot be had.
    """
    port = _free_port(host, port)
    blocks = build(assistant, evaluation=True)
    from assistant.web.evaluation import routes
    from assistant.web.page import LOOK

    try:
        blocks.launch(
            server_name=host,
            server_port=port,
            inbrowser=open_browser,
            prevent_thread_lock=True,
            quiet=True,
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            share=False,
            enable_monitoring=False,
            max_file_size=1,  # nothing is ever uploaded
            app_kwargs={
                "middleware": middleware(host),
                "routes": routes(runs),
                "openapi_url": None,
            },
            **LOOK,
        )
    except OSError as error:
        raise _taken(host, port, error) from error
    return blocks


def launch(
    assistant: Assistant,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
    runs: Path = DEFAULT_RUNS,
    ready: Callable[[str], object] = _logger.info,
) -> None:
    """Serve the chat until interrupted; ``ready`` is told its URL once it can be opened
    (by default, the log).

    Raises ``SettingsError`` if the address cannot be had.
    """
    blocks = start(assistant, host, port, open_browser, runs)
    ready(str(blocks.local_url))
    try:
        blocks.block_thread()
    finally:
        blocks.close(verbose=False)


def _free_port(host: str, port: int) -> int:
    """``port``, known to be free just now; any free one for 0."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except (OSError, OverflowError) as error:
        raise _taken(host, port, error) from error


def _taken(host: str, port: int, error: Exception) -> SettingsError:
    return SettingsError(
        f"The chat cannot listen on {host}, port {port} ({error}): "
        "choose another address with --host and --port, or PINCITE_HOST and PINCITE_PORT."
    )
