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
  });

  async function started() {
    await api.server.restart();
    assert.equal(api.server.health, "running");
    return [api.server.place.command, api.server.place.why];
  }

  if (vscode.workspace.isTrusted) {
    test("first the one that the setting names", async () => {
      await settings().update("command", [SET], vscode.ConfigurationTarget.Global);
      assert.deepEqual(await started(), [SET, "the setting `promptls.command`"]);
      await settings().update("command", undefined, vscode.ConfigurationTarget.Global);
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
