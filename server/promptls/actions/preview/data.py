"""A preview as JSON: what ``promptls/preview`` answers beside the text, and ``promptls preview --format json``."""

from __future__ import annotations

from typing import Any

from promptls.actions.preview.model import Piece, Preview, PreviewMessage, PreviewProblem, Tokens


def to_data(preview: Preview) -> dict[str, Any]:
    """Lines count from 0, offsets are code points, spans ``[start, end]``; a sample counts from 1."""
    return {
        "uri": preview.uri,
        "version": preview.version,
        "title": preview.title,
        "format": preview.format,
        "messages": [_message(message) for message in preview.messages],
        "sample": preview.sample,
        "samples": list(preview.samples),
        "holes": list(preview.holes),
        "refused": list(preview.refused),
        "tokens": _tokens(preview.tokens),
        "model": preview.model,
        "target": preview.target,
        "window": preview.window,
        "problems": [_problem(problem) for problem in preview.problems],
        "tools": [
            {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
            for tool in preview.tools
        ],
        "output": None if preview.output is None else dict(preview.output),
        "stale": preview.stale,
        "wire": preview.wire,
    }


def _message(message: PreviewMessage) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "role": message.role,
        "content": [
            {"type": "text", "text": part.value}
            if part.type == "text"
            else {"type": part.type, "name" if part.type == "section" else "url": part.value}
            for part in message.parts
        ],
        "pieces": [_piece(piece) for piece in message.pieces],
        "tokens": _tokens(message.tokens),
        "line": message.line,
    }
    return {**shown, "metadata": dict(message.metadata)} if message.metadata else shown


def _tokens(tokens: Tokens) -> dict[str, Any]:
    return {"count": tokens.count, "estimated": tokens.estimated}


def _piece(piece: Piece) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": piece.kind, "text": piece.text}
    if piece.name:
        shown["name"] = piece.name
    if piece.span is not None:
        shown |= {"span": list(piece.span), "line": piece.line}
    return shown


def _problem(problem: PreviewProblem) -> dict[str, Any]:
    return {
        "message": problem.message,
        "severity": problem.severity,
        "code": problem.code,
        "line": problem.line,
        "span": list(problem.span),
        "index": problem.message_index,
    }
