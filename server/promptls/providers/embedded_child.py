"""Runs in the model's own environment, with nothing of promptls: serves the weights until standard input ends.

In: one line of JSON, ``{"weights", "key", "model"}``. Out: one line of JSON, ``{"address": "http://127.0.0.1:PORT"}``.
"""

import json
import os
import signal
import sys


def main() -> None:
    # Ctrl-C in a terminal is for the run, which then closes standard input; half-way through, it hangs the library.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settings = json.loads(sys.stdin.readline())
    out = os.dup(1)
    os.dup2(2, 1)  # the library logs to standard output

    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = settings["weights"]
    params.model_alias = {settings["model"]}
    params.api_keys = [settings["key"]]
    params.port = 0
    params.n_ctx = 4096
    params.n_parallel = 2
    params.cpuparams.n_threads = max(1, min(4, (os.cpu_count() or 2) - 1))
    params.cpuparams_batch.n_threads = params.cpuparams.n_threads
    params.n_predict = 400  # so small a model does not find an end by itself
    params.warmup = False
    params.verbosity = 0
    server = xllamacpp.Server(params)
    os.write(out, json.dumps({"address": server.listening_address}).encode() + b"\n")
    sys.stdin.read()
    os._exit(0)  # the server's own end may wait for a client


main()
