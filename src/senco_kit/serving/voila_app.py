"""Voila as the kit runs it: its own addresses, its own limits, and nothing of Voila's that lists or reads files."""

from __future__ import annotations

import hashlib
import logging
from functools import partial
from pathlib import Path
from typing import Any

import voila
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.base.handlers import FileFindHandler
from jupyterlab_server.config import get_federated_extensions
from traitlets.config import Config
from voila.app import Voila
from voila.configuration import VoilaConfiguration
from voila.exporter import VoilaMarkdownRenderer
from voila.static_file_handler import AllowListFileHandler, MultiStaticFileHandler

from senco_kit.serving import handlers
from senco_kit.serving.gate import Gate, GuardedApplication
from senco_kit.serving.kernel_room import KernelRoom, OwnPythonOnly
from senco_kit.serving.limits import Limits
from senco_kit.serving.prepared import PreparedPages
from senco_kit.serving.rendering import written

#: Seconds that one cell of a page may run before the page gives up on it.
LONGEST_CELL = 120
#: The largest message from a page, in bytes. The longest note (20,000 characters) and one part of a file that is
#: brought back in (1 MB, see forms/screen.py) fit easily; what goes to the browser, downloads too, is not limited.
LARGEST_MESSAGE = 8 * 1024 * 1024
#: Milliseconds between two questions to a page whether it is still there.
PING = 30_000
#: What a page loads of Jupyter's browser side beside Voila's own: widgets and anywidget, whatever else is installed.
_EXTENSIONS = ("@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", "anywidget")
_KERNEL_ID = r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"


def _stamp(versions: list[str]) -> str:
    """Names these versions in an address: files of other versions have another one, so browsers may keep them."""
    return hashlib.sha256("\n".join(versions).encode()).hexdigest()[:12]


class KeptForGood:
    """For files whose address names their version: the browser need not ask again, page after page."""

    def set_extra_headers(self, path: str) -> None:
        """Let the browser keep the file."""
        self.set_header("Cache-Control", "max-age=31536000, immutable")  # type: ignore[attr-defined]


class StaticForGood(KeptForGood, MultiStaticFileHandler):  # type: ignore[misc]
    """Voila's scripts."""


class ExtensionsForGood(KeptForGood, FileFindHandler):  # type: ignore[misc]
    """The scripts of the widgets."""


class PlainHeadings(VoilaMarkdownRenderer):  # type: ignore[misc]
    """Markdown without the paragraph sign that is a link behind every heading."""

    def __init__(self, *positional: Any, **named: Any) -> None:
        """As Voila's, with those links left out."""
        super().__init__(*positional, **{**named, "exclude_anchor_links": True})


class OnePerson(IdentityProvider):  # type: ignore[misc]
    """Everyone whom the gate has let in is the one person the kit serves; no login page, no cookie for 30 days."""

    def get_user(self, handler: Any) -> User:
        """The same user always."""
        return User("senco")

    def get_handlers(self) -> list[Any]:
        """No addresses of its own."""
        return []


class SencoVoila(Voila):  # type: ignore[misc]
    """Voila over one folder of page notebooks."""

    #: There once application() has been called.
    prepared: PreparedPages

    def prepare(self, folder: Path, scratch: Path, limits: Limits, kernel_environment: dict[str, str]) -> None:
        """Set everything that a start needs; takes the place of initialize(), which reads command lines and files."""
        self._init_asyncio_patch()
        self.kernel_environment = kernel_environment
        self.log_level = logging.CRITICAL
        self.root_dir = str(folder)
        self.connection_dir = str(scratch / "connections")
        Path(self.connection_dir).mkdir(mode=0o700)
        self.update_config(_settings(limits))
        self.voila_configuration = VoilaConfiguration(parent=self)
        self.setup_template_dirs()

    def application(self, gate: Gate) -> GuardedApplication:
        """The Tornado application with the kit's handlers."""
        settings = self.init_settings()
        settings.update(
            senco_folder=Path(self.root_dir),
            senco_shared=gate.token is not None,
            senco_voila_configuration=self.voila_configuration,
            senco_config=self.config,
            senco_template_paths=self.template_paths,
            senco_page_config=self._page_config(),
            senco_kernel_environment=self.kernel_environment,
            senco_log=logging.getLogger("senco_kit.serving"),
            websocket_max_message_size=LARGEST_MESSAGE,
            ws_ping_interval=PING,
            ws_ping_timeout=PING,
        )
        settings["senco_prepared"] = self.prepared = PreparedPages(
            Path(self.root_dir), self.kernel_environment, partial(written, settings)
        )
        app = GuardedApplication(gate, **settings)
        app.add_handlers(".*$", self.init_handlers())
        return app

    @property
    def room(self) -> KernelRoom:
        """The room of kernels; there once application() has been called."""
        room: KernelRoom = self.kernel_manager
        return room

    def init_handlers(self) -> list[Any]:
        """Every address that is answered. What is not in this list does not exist."""
        images = {"allowlist": [r".*\.(png|jpe?g|gif|svg|webp)"], "denylist": [r"(.*/)?\..*"], "path": self.root_dir}
        extensions = {"path": self._extension_folders()}
        return [
            (r"/health", handlers.Health),
            (r"/kit/([a-z.]+)", handlers.LookFile),
            (rf"/api/kernels/{_KERNEL_ID}", handlers.KernelFacts),
            (rf"/api/kernels/(?P<kernel_id>{_KERNEL_ID[1:-1]})/channels", handlers.KernelSocket),
            (rf"/voila/api/shutdown/{_KERNEL_ID}", handlers.PageClosed),
            (r"/voila/static/[0-9a-f]+/(.*)", StaticForGood, {"paths": self.static_paths}),
            (r"/voila/labextensions/[0-9a-f]+/(.*)", ExtensionsForGood, extensions),
            (r"/voila/files/(.*)", AllowListFileHandler, images),
            (r"/", handlers.ShowPage),
            (r"/([A-Za-z0-9][A-Za-z0-9_-]*)", handlers.ShowPage),
            (r".*", handlers.NoPage),
        ]

    def _extension_folders(self) -> list[str]:
        return [str(folder) for folder in self.labextensions_path]

    def _page_config(self) -> dict[str, Any]:
        """What Voila's front end is told: where things are, which extensions to load; no MathJax, no theme."""
        found = get_federated_extensions(self._extension_folders())
        extensions = [
            {"name": name, **{key: build[key] for key in ("load", "extension", "style") if key in build}}
            for name in _EXTENSIONS
            if name in found
            for build in [found[name]["jupyterlab"]["_build"]]
        ]
        stamp = _stamp([voila.__version__, *(found[extension["name"]]["version"] for extension in extensions)])
        return {
            "appUrl": "voila/",
            "baseUrl": "/",
            "frontend": "voila",
            "fullStaticUrl": f"/voila/static/{stamp}",
            "fullLabextensionsUrl": f"/voila/labextensions/{stamp}",
            "fullMathjaxUrl": "null",
            "mathjaxConfig": "null",
            "jupyterLabTheme": "light",
            "progressiveRendering": False,
            "federated_extensions": extensions,
        }


def _settings(limits: Limits) -> Config:
    """Voila's and Jupyter's settings, all of them here."""
    config = Config()
    config.VoilaConfiguration.template = "senco"
    config.VoilaConfiguration.theme = "light"
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.strip_sources = True
    config.VoilaConfiguration.preheat_kernel = False
    config.VoilaConfiguration.multi_kernel_manager_class = KernelRoom
    config.VoilaConfiguration.kernel_spec_manager_class = OwnPythonOnly
    config.VoilaExporter.markdown_renderer_class = PlainHeadings
    config.VoilaExecutor.timeout = LONGEST_CELL
    config.VoilaExecutor.cell_error_instruction = ""
    config.SencoVoila.identity_provider_class = OnePerson
    config.KernelProvisionerFactory.default_provisioner_name = "senco-fork"
    config.KernelRoom.most_kernels = limits.most_kernels
    config.KernelRoom.least_free = limits.least_free
    config.KernelRoom.cull_idle_timeout = limits.cull_after
    config.KernelRoom.cull_interval = limits.cull_every
    # A kernel without a page is ended even when it is busy: nobody will see what it does.
    config.KernelRoom.cull_busy = True
    config.KernelRoom.cull_connected = False
    # A kernel that died is not started anew: it would know nothing of its page, which would go on as if all were well.
    config.KernelRestarter.restart_limit = 0
    # A report for Word comes from the kernel in one piece; Jupyter's limits are for endless printing.
    config.ZMQChannelsWebsocketConnection.limit_rate = False
    return config
