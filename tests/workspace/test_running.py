"""Who may say what about runs: the user, the project, the editor, the policy."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from promptls.text.uris import path_to_uri
from promptls.workspace.files import Workspace, snapshot_of
from promptls.workspace.outside import outside_of, read_outside
from promptls.workspace.places import user_file
from promptls.workspace.running import Alias, Limits, Policy, ProviderSettings, Running


class Desk:
    """A project, a user's file, a policy and an editor, each as text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.user = folder / "home" / "user.yaml"
        self.policy = folder / "etc" / "policy.yaml"
        self.project = folder / "project" / "promptls.yaml"
        self.environment = {"PROMPTLS_USER_CONFIG": str(self.user)}
        self.editor: object = None
        for path in (self.user, self.policy, self.project):
            path.parent.mkdir()

    def running(self, *, user: str = "", project: str = "", policy: str | None = None) -> Running:
        for path, text in ((self.user, user), (self.project, project), (self.policy, policy or "")):
            path.write_text(dedent(text))
        if policy is not None:
            self.environment["PROMPTLS_POLICY"] = str(self.policy)
        workspace = Workspace()
        workspace.set_folders([path_to_uri(self.project.parent)])
        workspace.use_outside(outside_of(self.environment, lambda: self.editor))
        return workspace.snapshot().config(path_to_uri(self.project.parent / "a.prompty")).running


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_all_that_a_project_can_say() -> None:
    text = dedent("""\
        default: fast
        offline: true
        prompts: {log: off, keep_days: 30}
        providers:
          openai:
          azure-eu: {type: azure-openai, endpoint: https://eu.example, api_key: "${env:AZURE_EU_KEY}", api_version: 2024-10-21}
          local: {type: openai-compatible, base_url: "http://127.0.0.1:8080/v1", headers: {X-Team: 7}, ca_file: ca.pem, timeout: 5, quirks: {max_tokens: max_tokens}}
          cloud: {type: vertexai, region: eu, project: p}
        aliases:
          one: openai/gpt-5
          two: [openai/gpt-5, local/llama]
          fast: {route: [openai/gpt-5, local/llama], strategy: round-robin}
          heavy: {route: [a/b, c/d], weights: [3, 1]}
        limits: {openai: {requests_per_minute: 60, tokens_per_minute: 90000, concurrency: 4}}
        budget: {per_run: 0.05, per_day: 2}
        """)  # noqa: E501
    running = snapshot_of({"promptls.yaml": text}).config("file:///work/a.prompty").running
    assert running == Running(
        default="fast",
        offline=True,
        log_prompts="off",
        keep_days_in=(30, "/work"),
        providers={
            "openai": ProviderSettings("openai"),
            "azure-eu": ProviderSettings(
                "azure-eu",
                type="azure-openai",
                endpoint="https://eu.example",
                key="${env:AZURE_EU_KEY}",
                api_version="2024-10-21",
            ),
            "local": ProviderSettings(
                "local",
                type="openai-compatible",
                base_url="http://127.0.0.1:8080/v1",
                headers={"X-Team": "7"},
                ca_file="/work/ca.pem",
                timeout=5,
                quirks={"max_tokens": "max_tokens"},
            ),
            "cloud": ProviderSettings("cloud", type="vertexai", region="eu", project="p"),
        },
        aliases={
            "one": Alias(("openai/gpt-5",)),
            "two": Alias(("openai/gpt-5", "local/llama")),
            "fast": Alias(("openai/gpt-5", "local/llama"), "round-robin"),
            "heavy": Alias(("a/b", "c/d"), "weighted", (3, 1)),
        },
        limits={"openai": Limits(60, 90000, 4)},
        per_run=0.05,
        per_day=2,
    )


@pytest.mark.parametrize(
    "text",
    [
        "providers: [a]\naliases: 3\nlimits: no\nbudget: much\nprompts: all\noffline: 'yes'\ndefault: {}\n",
        "providers: {a: 1, b: {type: [x], base_url: 5, headers: {a: [1], b: true}, timeout: soon, quirks: x}}\n",
        "aliases: {a: {route: 5}, b: [], c: {route: [1, 2]}, d: null}\nlimits: {a: {concurrency: many}}\n",
        "budget: {per_run: -1, per_day: true}\nprompts: {log: loud, keep_days: -3}\n",
        "providers: &p {a: *p}\n",
    ],
)
def test_what_is_not_of_its_type_is_left_out(text: str) -> None:
    running = snapshot_of({"promptls.yaml": text}).config("file:///work/a.prompty").running
    assert not running.aliases
    assert (running.per_run, running.per_day, running.log_prompts, running.offline) == (None, None, "redacted", False)


def test_a_key_or_a_command_that_stands_in_a_project_is_not_read(desk: Desk) -> None:
    entry = "providers: {openai: {api_key: sk-canary, key_command: [sh, -c, 'touch /tmp/x']}}"
    assert desk.running(project=entry).providers["openai"] == ProviderSettings("openai")
    assert desk.running(user=entry).providers["openai"].key_command == ("sh", "-c", "touch /tmp/x")
    assert desk.running(user=entry).providers["openai"].key == ""
    assert desk.running(policy=entry).providers["openai"].key_command


def test_a_project_s_address_never_gets_the_user_s_key(desk: Desk) -> None:
    user = "providers: {corp: {base_url: 'https://corp.example/v1', key_command: [vault, get], region: a}}"
    evil = desk.running(user=user, project="providers: {corp: {base_url: 'https://evil.example/v1'}}").providers["corp"]
    assert evil == ProviderSettings("corp", base_url="https://evil.example/v1")
    for taking in ("headers: {X: '${env:A}'}", "ca_file: evil.pem", "type: custom", "endpoint: 'https://e'"):
        project = f"providers: {{corp: {{{taking}}}}}"
        assert desk.running(user=user, project=project).providers["corp"].key_command == ()
    kept = desk.running(user=user, project="providers: {corp: {timeout: 5, region: b}}").providers["corp"]
    assert kept.key_command == ("vault", "get")
    assert (kept.origin, kept.timeout, kept.region) == ("user", 5, "b")
    assert desk.running(user=user, project="providers: {corp: }").providers["corp"].origin == "user"


def test_the_strictest_protection_counts(desk: Desk) -> None:
    user = """
        budget: {per_run: 0.1, per_day: 5}
        limits: {openai: {requests_per_minute: 60, concurrency: 2}}
        prompts: {log: off, keep_days: 10}
        offline: true
        default: mine/model
    """
    project = """
        budget: {per_run: 99, per_day: 1}
        limits: {openai: {requests_per_minute: 600, tokens_per_minute: 5}}
        prompts: {log: full, keep_days: 99}
        offline: false
        default: ours/model
    """
    running = desk.running(user=user, project=project)
    assert (running.per_run, running.per_day) == (0.1, 1)
    assert running.limits == {"openai": Limits(60, 5, 2)}
    assert (running.log_prompts, running.keep_days, running.offline) == ("off", 10, True)
    assert running.keep_days_in == (99, desk.project.parent.as_posix()), "of its own runs only"
    assert desk.running(project="prompts: {keep_days: 0}").keep_days is None, "no project forgets those of others"
    assert running.default == "ours/model"
    tight = desk.running(user=user, project=project, policy="budget: {per_run: 0.01, per_day: 50}")
    assert (tight.per_run, tight.per_day) == (0.01, 1)


def test_the_editor_chooses_a_target_and_names_variables_and_nothing_else(desk: Desk) -> None:
    desk.editor = {
        "target": "openai/gpt-5",
        "keys": {"openai": "${env:WORK}", "b": "sk-canary", "c": 5},
        "providers": {"openai": {"base_url": "https://evil"}},
        "offline": True,
    }
    running = desk.running(user="providers: {openai: {key_command: [a]}}", project="default: echo")
    assert running.default == "openai/gpt-5"
    assert running.providers["openai"] == ProviderSettings(
        "openai", key="${env:WORK}", key_command=("a",), origin="user"
    )
    assert running.providers["b"].key == ""
    assert running.offline
    desk.editor = "no settings"
    assert desk.running(project="default: echo").default == "echo"


def test_a_policy_allows_what_it_lists(desk: Desk) -> None:
    policy = desk.running(
        policy="hosts: [api.openai.com, '*.corp.example', '127.0.0.1:8080']\nmodels: [openai/gpt-5*]\n"
    ).policy
    allowed = [
        "https://api.openai.com/v1",
        "https://API.openai.com.:443/",
        "https://a.b.corp.example",
        "http://127.0.0.1:8080",
    ]
    refused = [
        "https://api.openai.com.evil",
        "https://evil",
        "http://127.0.0.1",
        "http://127.0.0.1:80800",
        "",
        "x",
        "http://[::1",
    ]
    assert [url for url in allowed if policy.refuses_host(url)] == []
    assert [url for url in refused if not policy.refuses_host(url)] == []
    assert policy.refuses_host("https://evil/v1") == (
        f"the policy {desk.policy} does not allow the host evil:443; "
        "it allows api.openai.com, *.corp.example, 127.0.0.1:8080"
    )
    assert policy.refuses_model("openai/gpt-5-mini") == ""
    assert "does not allow `openai/o9`" in policy.refuses_model("openai/o9")
    assert policy.names_host("https://api.openai.com")
    assert not Policy().names_host("https://api.openai.com")
    assert not Policy().refuses_host("https://anything")
    assert Policy(hosts=("[::1]:80", "::2")).refuses_host("http://[::1]/") == ""
    assert Policy(hosts=("[::1]:80", "[::2]")).refuses_host("https://[::2]/") == ""
    assert Policy(hosts=("[::1]:80",)).refuses_host("http://[::1]:81/")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("host: [api.openai.com]", "has `host`, which is none of hosts, models"),
        ("hosts: api.openai.com", "has `hosts` that is no list of texts"),
        ("hosts: [1", "cannot be read as YAML"),
        ("- a", "cannot be read as a YAML map"),
        ("", "is not there, or empty"),
        ("hosts: ['*']\noffline: 'true'", "has `offline` in line 2, with a value that it cannot have"),
        (
            "limits: {openai: {request_per_minute: 1}}",
            "has `limits.openai.request_per_minute` in line 1, which is no key",
        ),
    ],
)
def test_a_policy_that_cannot_be_read_allows_nothing(desk: Desk, text: str, said: str) -> None:
    running = desk.running(policy=text)
    assert said in running.policy.refuses_host("https://api.openai.com")
    assert str(desk.policy) in running.policy.refuses_model("openai/gpt-5")
    assert running.offline
    assert running.log_prompts == "off"


def test_a_policy_that_is_not_there_allows_nothing(desk: Desk) -> None:
    desk.environment["PROMPTLS_POLICY"] = str(desk.folder / "nowhere")
    assert desk.running().policy.problem


def test_a_user_s_file_that_cannot_be_read_allows_nothing(desk: Desk) -> None:
    said = desk.running(user="offline: [true").policy.refuses_host("https://api.openai.com")
    assert said == f"your configuration {desk.user} cannot be read as YAML; until that is mended nothing may be sent"
    desk.user.unlink()
    assert read_outside(desk.environment).policy == Policy()


@pytest.mark.parametrize("said", ["offline: 'yes'", "budget: {per_run: cheap}", "limits: {a: 5}", "prompts: {log: no}"])
def test_what_a_user_or_a_project_protects_with_words_that_cannot_be_read_allows_nothing(desk: Desk, said: str) -> None:
    assert "in line 1, with a value that it cannot have" in desk.running(user=said).policy.problem
    assert str(desk.project) in desk.running(project=said).policy.problem
    assert not desk.running(project="budget: {per_run: 1}\nprompts: {log: off}").policy.problem


def test_a_project_s_file_that_cannot_be_read_allows_nothing(desk: Desk) -> None:
    assert not desk.running().policy.problem
    desk.project.write_bytes("offline: true".encode("utf-16"))
    workspace = Workspace()
    workspace.use_outside(outside_of(desk.environment))
    running = workspace.snapshot().config(path_to_uri(desk.project.parent / "a.prompty")).running
    assert "no UTF-8 file that can be read" in running.policy.refuses_host("https://api.openai.com")


def test_files_are_read_again_when_they_change(desk: Desk) -> None:
    look = outside_of(desk.environment, lambda: desk.editor)
    assert look().user.default == ""
    desk.user.write_text("default: a/b\n")
    assert look().user.default == "a/b"
    assert look() is look()
    desk.editor = {"target": "c/d"}
    assert look().editor.default == "c/d"


def test_the_user_s_file_is_no_project_s(desk: Desk) -> None:
    desk.environment["PROMPTLS_USER_CONFIG"] = str(desk.project)
    running = desk.running(project="providers: {a: {key_command: [x], base_url: 'https://a'}}")
    assert running.providers["a"].origin == "user"
    assert running.providers["a"].key_command == ("x",)


def test_without_an_edge_that_looks_outside_nothing_there_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMPTLS_USER_CONFIG", str(desk.user))
    desk.user.write_text("default: a/b\n")
    assert snapshot_of({"a.prompty": ""}).config("file:///work/a.prompty").running == Running()


def test_the_user_s_file_lies_where_the_platform_keeps_such() -> None:
    assert user_file({}).parts[-2:] == ("promptls", "promptls.yaml")


def test_a_project_does_not_lead_the_user_s_key_along_another_path_of_its_host(desk: Desk) -> None:
    user = "providers: {gw: {base_url: 'https://gw.example/acct-a/v1', quirks: {path: /ask, strict: true}}}"
    quirks = "{path: ../../acct-b/v1/ask, models: 'https://gw.example/acct-b/models', stream: false}"
    found = desk.running(user=user, project=f"providers: {{gw: {{quirks: {quirks}}}}}").providers["gw"]
    assert found.quirks == {"path": "/ask", "strict": True, "stream": False}
