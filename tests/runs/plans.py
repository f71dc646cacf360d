"""Plans that tests run."""

from __future__ import annotations

from typing import Any

from promptls.prompt.message import Message, Part
from promptls.providers.request import Endpoint
from promptls.runs.plan import Hop, Plan, Target
from promptls.runs.target import echo_target

LOCAL = Endpoint("local", "openai-compatible", "openai-chat", "http://127.0.0.1:9/v1", auth="none")
OPENAI = Endpoint("openai", "openai", "openai-chat", "https://api.openai.com/v1", key_name="OPENAI_API_KEY")


def hop(name: str = "tiny", endpoint: Endpoint = LOCAL) -> Hop:
    return Hop(endpoint, name, f"environment {endpoint.key_name}" if endpoint.key_name else "")


def plan_of(*hops: Hop | None, text: str = "Hello", **more: Any) -> Plan:
    """``None`` alone in the place of hops: a run that calls nobody."""
    route = tuple(one for one in hops if one is not None)
    target = more.pop("target", None) or (echo_target() if hops == (None,) else Target(route or (hop(),)))
    return Plan(
        uri="file:///work/chat.prompty",
        prompt="chat",
        prompt_hash="abc",
        version=3,
        messages=(Message("user", (Part("text", text),)),),
        values=more.pop("values", {}),
        target=target,
        **more,
    )
