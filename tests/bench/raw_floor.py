"""The floor: a server on plain dicts that answers every change with one finding and does nothing else."""

import json
import sys


def main() -> None:
    read, write = sys.stdin.buffer, sys.stdout.buffer

    def send(message: dict[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        write.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        write.flush()

    place = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}
    while True:
        length = 0
        while (header := read.readline()) not in (b"\r\n", b""):
            if header.lower().startswith(b"content-length:"):
                length = int(header.split(b":")[1])
        if not length:
            return
        message = json.loads(read.read(length))
        method = message.get("method")
        if method == "initialize":
            send({"id": message["id"], "result": {"capabilities": {"textDocumentSync": 2, "completionProvider": {}}}})
        elif method in ("textDocument/didOpen", "textDocument/didChange"):
            document = message["params"]["textDocument"]
            params = {"uri": document["uri"], "version": document["version"]}
            params["diagnostics"] = [{"range": place, "message": "floor"}]
            send({"method": "textDocument/publishDiagnostics", "params": params})
        elif method == "textDocument/completion":
            send({"id": message["id"], "result": [{"label": f"item{index}"} for index in range(100)]})
        elif "id" in message:
            send({"id": message["id"], "result": None})
        elif method == "exit":
            return


main()
