"""The settings with which the servers start, without starting them."""

from __future__ import annotations

import json
import logging
import os
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
from traitlets.config.loader import load_pyconfig_files

from workbench.errors import ChoiceError
from workbench.serving import dashboard_config, lessons, serve_dashboards
from workbench.serving.dashboards import kernel_environment, shared_by_answers
from workbench.serving.identity import ProxyLogin
from workbench.serving.lab import lab_command, lab_environment
from workbench.serving.policy import check_framing, lab_policy, page_policy
from workbench.serving.quiet import kernel_profile, not_about_trust


@pytest.fixture
def config(tmp_path: Path) -> dict:
    return dashboard_config(tmp_path, port=8866, token="geheim")  # noqa: S106


def test_viewers_get_outputs_only_and_no_files(config: dict):
    voila = config["VoilaConfiguration"]
    assert voila["strip_sources"]
    assert not voila["show_tracebacks"]
    assert voila["allow_template_override"] == voila["allow_theme_override"] == "NO"
    assert voila["file_allowlist"] == ["(?!)"]


def test_no_setting_of_the_machine_is_read(config: dict):
    assert config["Voila"]["config_file_paths"] == []


def test_a_server_without_any_login_does_not_start(tmp_path: Path):
    with pytest.raises(ChoiceError, match="token"):
        dashboard_config(tmp_path, port=8866, token="")


def test_only_this_machine_is_listened_to_and_named(config: dict):
    assert config["Voila"]["ip"] == "127.0.0.1"
    assert config["Voila"]["tornado_settings"]["allow_remote_access"] is False
    assert config["Voila"]["tornado_settings"]["local_hostnames"] == ["localhost"]


def test_idle_kernels_are_culled_also_where_a_page_is_left_open(tmp_path: Path):
    culling = dashboard_config(tmp_path, port=1, token="x", idle_minutes=10)["MappingKernelManager"]  # noqa: S106
    assert culling == {"cull_idle_timeout": 600, "cull_interval": 60, "cull_connected": True, "cull_busy": False}


@pytest.mark.parametrize(("pool", "heated"), [(0, False), (2, True)])
def test_the_pool_of_heated_kernels_has_the_size_asked_for(tmp_path: Path, pool: int, heated: bool):
    voila = dashboard_config(tmp_path, port=1, token="x", pool=pool)["VoilaConfiguration"]  # noqa: S106
    assert (voila["preheat_kernel"], voila["default_pool_size"]) == (heated, pool)


def test_of_the_first_page_one_kernel_more_is_heated(tmp_path: Path):
    for name in ("pareto", "overview", "ours"):
        (tmp_path / f"{name}.ipynb").touch()
    pools = dashboard_config(tmp_path, port=1, token="x", pool=1)["VoilaKernelManager"]  # noqa: S106
    assert pools["kernel_pools_config"] == {"default": {"pool_size": 1}, "overview.ipynb": {"pool_size": 2}}
    assert pools["fill_delay"] == 0


def test_the_proxys_header_reaches_the_kernel_and_no_other_does(tmp_path: Path):
    config = dashboard_config(tmp_path, port=1, token="", login_header="X-Forwarded-User")
    assert config["VoilaConfiguration"]["http_header_envs"] == ["X-Forwarded-User"]
    assert config["ProxyLogin"]["header"] == "X-Forwarded-User"
    assert config["Voila"]["identity_provider_class"].endswith("ProxyLogin")


def asked(peer: str, **headers: str) -> SimpleNamespace:
    return SimpleNamespace(request=SimpleNamespace(remote_ip=peer, headers=headers))


@pytest.mark.parametrize(
    ("handler", "name"),
    [
        (asked("127.0.0.1", User="wang.wei"), "wang.wei"),
        (asked("::1", User=" li.na "), "li.na"),
        (asked("10.0.0.7", User="wang.wei"), "wang.wei"),
        (asked("10.0.0.8", User="wang.wei"), None),
        (asked("127.0.0.1", User="  "), None),
        (asked("127.0.0.1"), None),
        (asked("", User="wang.wei"), None),
    ],
)
def test_a_login_counts_only_from_a_trusted_proxy(handler: SimpleNamespace, name: str | None):
    user = ProxyLogin(header="User", proxies=["10.0.0.7"]).get_user(handler)
    assert (user and user.username) == name


def test_a_kernel_knows_its_store_its_share_and_its_reader(tmp_path: Path):
    environment = kernel_environment(tmp_path / "crm.store", lang="en")
    assert environment["WORKBENCH_STORE"] == str(tmp_path / "crm.store")
    assert environment["WORKBENCH_THREADS"] == environment["OMP_NUM_THREADS"] == "1"
    assert environment["WORKBENCH_LANG"] == "en"
    assert environment["WORKBENCH_PUBLISHED"] == "1"
    assert environment["WORKBENCH_DECISIONS"] == ""
    shared = kernel_environment(tmp_path / "crm.store", lang="en", decisions="/somewhere")
    assert shared["WORKBENCH_DECISIONS"] == "/somewhere"


def test_exactly_the_notebooks_of_the_folder_are_pages_in_the_order_of_their_titles(tmp_path: Path):
    for name in ("ours.ipynb", "pareto.ipynb", "segments.ipynb", "overview.ipynb", "notes.txt", "below/secret.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert shared_by_answers(tmp_path, "x.store", "/", "zh", 3)["pages"] == ["overview", "segments", "pareto", "ours"]


def test_the_policy_names_the_host_only_where_it_is_one():
    assert "ws://crm.example:8866" in page_policy("crm.example:8866")
    assert "evil" not in page_policy("a; script-src evil")
    for policy in (page_policy("localhost"), lab_policy()):
        assert "http:" not in policy
        assert "*" not in policy


def test_only_the_hosts_that_are_named_may_frame_the_pages(tmp_path: Path):
    assert "frame-ancestors 'self'" in page_policy("localhost").split("; ")
    allowed = page_policy("localhost", check_framing(["portal.example.com:8443", "intranet"]))
    assert "frame-ancestors 'self' portal.example.com:8443 intranet" in allowed.split("; ")
    for wrong in (
        "https://portal.example.com",
        "*",
        "*.example.com",
        "a.example; script-src *",
        "a b",
        "",
        "a/b",
        "Ａ",
    ):
        with pytest.raises(ChoiceError, match="framed_by"):
            serve_dashboards(tmp_path, framed_by=[wrong], open_browser=False)


def test_a_taken_port_is_said_in_words(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ChoiceError, match=str(port)):
            serve_dashboards(tmp_path, port=port, open_browser=False)


def test_jupyterlab_asks_no_news_and_installs_nothing(tmp_path: Path):
    command = lab_command(tmp_path, port=None, open_browser=False)
    assert "--LabApp.extension_manager=readonly" in command
    assert "--ServerApp.jpserver_extensions={'voila.server_extension': False}" in command


@pytest.mark.parametrize(("lang", "locale"), [("zh", "zh_CN"), ("en", None)])
def test_jupyterlab_starts_with_our_defaults_in_the_readers_language(lang: str, locale: str | None):
    folder = Path(lab_environment("crm.store", lang)["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0])
    settings = json.loads((folder / "labconfig" / "default_setting_overrides.json").read_text())
    notices = settings["@jupyterlab/apputils-extension:notification"]
    assert (notices["fetchNews"], notices["checkForUpdates"]) == ("false", False)
    assert settings.get("@jupyterlab/translation-extension:plugin", {}).get("locale") == locale


def test_a_lesson_opens_by_its_name(tmp_path: Path):
    assert "--LabApp.default_url=/lab/tree/02_rfm.ipynb" in lab_command(
        tmp_path, port=None, open_browser=False, lesson="02_rfm"
    )


def test_lessons_are_listed_in_their_order(tmp_path: Path):
    for name in ("02_rfm", "00_start_here"):
        (tmp_path / f"{name}.ipynb").touch()
    assert lessons(tmp_path) == ["00_start_here", "02_rfm"]


def test_the_terminal_is_spared_what_is_true_of_every_page():
    said = logging.LogRecord("x", logging.WARNING, "", 0, "Notebook %s is not trusted", ("overview.ipynb",), None)
    other = logging.LogRecord("x", logging.WARNING, "", 0, "The disk of %s is full", ("crm.store",), None)
    assert not not_about_trust(said)
    assert not_about_trust(other)


def test_kernels_read_settings_of_their_own_and_keep_no_history():
    with kernel_profile() as profile:
        settings = load_pyconfig_files(["ipython_kernel_config.py"], str(Path(profile) / "profile_default"))
    assert settings.HistoryManager.enabled is False
    assert settings.IPKernelApp.log_level == logging.ERROR
