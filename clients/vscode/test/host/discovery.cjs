// Which server is started: the setting's, the workspace's, the selected Python's, that on the path, the extension's own.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");

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
  async function set(command) {
    let listening;
    const running = new Promise((done) => {
      listening = api.server.onHealth((health) => health === "running" && done());
    });
    await settings().update("command", command, vscode.ConfigurationTarget.Global);
    await running;
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
      await Promise.all([api.server.restart(), api.server.restart(), api.server.restart()]);
      listening.dispose();
      const once = ["stopped", "starting", "running"];
      assert.deepEqual(seen, [...once, ...once, ...once]);
      assert.ok(api.server.running);
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
