// Which server is started: the setting's, the workspace's, the selected Python's, that on the path, the extension's own.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");
const { until } = require("./index.cjs");

const SELECTED = process.env.PROMPTLS_TEST_SELECTED; // the environment that the dummy Python extension has selected
const ON_PATH = process.env.PROMPTLS_TEST_ON_PATH; // a folder of the path with a server in it
const SET = process.env.PROMPTLS_TEST_SET; // a server that only the setting names
const WORKSPACE = vscode.workspace.workspaceFolders[0].uri.fsPath;
const settings = () => vscode.workspace.getConfiguration("promptls");

suite("which server is started", () => {
  let api;

  suiteSetup(async () => {
    api = await vscode.extensions.getExtension("promptls.promptls").activate();
    await vscode.window.showTextDocument(vscode.Uri.file(path.join(WORKSPACE, "greet.prompty")));
    await api.server.start();
  });

  async function started() {
    await api.server.restart();
    assert.equal(api.server.health, "running");
    return place();
  }

  const place = () => [api.server.place.command, api.server.place.why];

  /** The extension restarts its server by itself where that setting changes. */
  async function set(command, wanted = "running") {
    let listening;
    const reached = new Promise((done) => {
      listening = api.server.onHealth((health) => health === wanted && done());
    });
    await settings().update("command", command, vscode.ConfigurationTarget.Global);
    await reached;
    listening.dispose();
  }

  if (vscode.workspace.isTrusted) {
    test("first the one that the setting names", async () => {
      await set([SET]);
      assert.deepEqual(place(), [SET, "the setting `promptls.command`"]);
      await set(undefined);
    });

    test("restarted while it restarts: one after the other, and it runs in the end", async () => {
      const seen = [];
      const listening = api.server.onHealth((health) => health !== seen.at(-1) && seen.push(health));
      const first = api.server.restart();
      await until("it is started", () => seen.at(-1) === "starting");
      await Promise.all([first, api.server.restart(), api.server.restart()]);
      listening.dispose();
      // Two asked for at once are one; whoever asked for the first has the one that runs.
      const once = ["stopped", "starting", "running"];
      assert.deepEqual(seen.filter((health, at) => health !== "running" || at === seen.length - 1), ["stopped", "starting", ...once]);
      assert.ok(api.server.running);
    });

    test("a program that ends at once is told of, one that never answers ends, and the next setting counts", async () => {
      await set([process.execPath, "--eval", ""], "failed");
      assert.equal(api.server.running, undefined);
      await set([process.execPath, "--eval", "setInterval(() => 0, 1000)"], "starting");
      const silent = await until("it is asked", () => api.server.client?.serverProcess);
      await set([SET]);
      assert.ok(silent.exitCode !== null || silent.signalCode !== null, "the one that never answers is still there");
      assert.deepEqual(place(), [SET, "the setting `promptls.command`"]);
      assert.ok(api.server.running);
      await set(undefined);
    });

    test("then the workspace's, the selected Python's, the one on the path, at last the extension's own", async () => {
      const order = [
        [path.join(WORKSPACE, ".venv", "bin", "promptls"), "the virtual environment of the workspace"],
        [path.join(SELECTED, "bin", "promptls"), "the selected Python's environment"],
        [path.join(ON_PATH, "promptls"), "the `PATH`"],
      ];
      for (const [program, why] of order) {
        assert.deepEqual(await started(), [program, why]);
        fs.rmSync(program);
      }
      const [program, why] = await started();
      assert.equal(why, "what the extension installed for itself");
      assert.match(program, /globalStorage\/promptls\.promptls\/server-[0-9a-f]{8}\/bin\/promptls$/);
    }).timeout(240_000);
  } else {
    test("not trusted: nothing of the workspace is started, nor what it sets", async () => {
      assert.equal(settings().get("command").length, 0, "the workspace's own setting counts");
      assert.deepEqual(await started(), [path.join(ON_PATH, "promptls"), "the `PATH`"]);
      assert.equal(fs.existsSync(path.join(WORKSPACE, "started")), false);
    });
  }
});
