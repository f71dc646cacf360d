// What the extension is to VS Code itself: languages, commands, findings, the preview and runs, by VS Code's own API.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const vscode = require("vscode");
const { until } = require("./index.cjs");

const folder = () => vscode.workspace.workspaceFolders[0].uri;
async function shown(name) {
  return vscode.window.showTextDocument(vscode.Uri.joinPath(folder(), name));
}

async function edit(editor, from, to) {
  const at = editor.document.getText().indexOf(from);
  assert.notEqual(at, -1, from);
  const range = new vscode.Range(editor.document.positionAt(at), editor.document.positionAt(at + from.length));
  assert.ok(await editor.edit((builder) => builder.replace(range, to)), `${to} in the place of ${from}`);
}

const findings = (uri) => vscode.languages.getDiagnostics(uri).map((one) => one.code?.value ?? one.code);
const results = () => vscode.workspace.textDocuments.filter((one) => one.uri.path.endsWith(".run.md") && one.uri.scheme === "file");

suite("promptls in the extension host", () => {
  let api;

  suiteSetup(async () => {
    const extension = vscode.extensions.getExtension("promptls.promptls");
    assert.ok(extension, "the extension is installed");
    api = await extension.activate();
  });

  test("a prompt file has its language, and its opening starts the server", async function () {
    this.timeout(300_000); // it is installed first
    const { document } = await shown("greet.prompty");
    assert.equal(document.languageId, "prompty");
    await until("the server runs", () => api.server.health === "running", 240_000);
    assert.equal(api.server.version, vscode.extensions.getExtension("promptls.promptls").packageJSON.version);
  });

  test("findings appear, and go when the mistake goes", async () => {
    const editor = await shown("greet.prompty");
    await edit(editor, "{{ name }}", "{{ nmae }}");
    await until("undefined-variable", () => findings(editor.document.uri).includes("undefined-variable"));
    await edit(editor, "{{ nmae }}", "{{ name }}");
    await until("no finding", () => findings(editor.document.uri).length === 0);
  });

  test("hover, completion, symbols and lenses come from the server", async () => {
    const { document } = await shown("greet.prompty");
    const at = document.positionAt(document.getText().indexOf("{{ name") + 4);
    const hovers = await vscode.commands.executeCommand("vscode.executeHoverProvider", document.uri, at);
    assert.match(hovers.flatMap((one) => one.contents.map((each) => each.value)).join(), /name/);
    const list = await vscode.commands.executeCommand("vscode.executeCompletionItemProvider", document.uri, at);
    assert.ok(list.items.some((item) => (item.label.label ?? item.label) === "name"));
    const symbols = await vscode.commands.executeCommand("vscode.executeDocumentSymbolProvider", document.uri);
    assert.ok(symbols.length);
    await until("a lens that runs it", async () => {
      const lenses = await vscode.commands.executeCommand("vscode.executeCodeLensProvider", document.uri);
      return lenses.some((lens) => lens.command?.title.startsWith("Run · echo"));
    });
  });

  test("a quick fix changes the text", async () => {
    const editor = await shown("greet.prompty");
    await edit(editor, "{{ name }}", "{{ nmae }}");
    await until("undefined-variable", () => findings(editor.document.uri).includes("undefined-variable"));
    const at = editor.document.positionAt(editor.document.getText().indexOf("nmae"));
    const actions = await vscode.commands.executeCommand("vscode.executeCodeActionProvider", editor.document.uri, new vscode.Range(at, at), "quickfix");
    const fix = actions.find((action) => action.edit && /`name`/.test(action.title));
    assert.ok(fix, actions.map((action) => action.title).join());
    await vscode.workspace.applyEdit(fix.edit);
    await until("no finding", () => findings(editor.document.uri).length === 0);
  });

  test("the preview shows unsaved text and follows the typing", async () => {
    const editor = await shown("greet.prompty");
    await edit(editor, "Be kind and", "Be terse and");
    assert.ok(editor.document.isDirty);
    await vscode.commands.executeCommand("promptls.ui.preview");
    await until("the preview", () => api.preview.text?.includes("Be terse and") && api.preview.text.includes("Hello Ada"));
    await edit(editor, "Be terse and", "Be brief and");
    await until("the preview follows", () => api.preview.text?.includes("Be brief and"));
    await vscode.commands.executeCommand("promptls.ui.copy");
    assert.equal(await vscode.env.clipboard.readText(), api.preview.text);
    await edit(editor, "Be brief and", "Be kind and");
  });

  test("a run with echo ends as a result beside the prompt", async () => {
    await shown("greet.prompty");
    await vscode.commands.executeCommand("promptls.ui.run");
    const result = await until("a result is shown", () => results().find((one) => /Hello Ada/.test(one.getText())));
    assert.match(result.uri.path, /\/\.promptls\/greet/);
    assert.equal(result.isDirty, false);
    assert.match(result.getText(), /no model was called/i);
  });

  test("a file that is in no folder is checked and previewed", async () => {
    const alone = fs.mkdtempSync(path.join(os.tmpdir(), "promptls-alone-"));
    try {
      const file = path.join(alone, "alone.prompty");
      fs.writeFileSync(file, "---\nname: alone\ninputs:\n  city: {kind: string, default: Rome}\n---\nuser:\nSee {{ ciyt }}\n");
      const editor = await vscode.window.showTextDocument(vscode.Uri.file(file));
      assert.equal(vscode.workspace.getWorkspaceFolder(editor.document.uri), undefined);
      await until("undefined-variable", () => findings(editor.document.uri).includes("undefined-variable"));
      await edit(editor, "ciyt", "city");
      await until("no finding", () => findings(editor.document.uri).length === 0);
      await vscode.commands.executeCommand("promptls.ui.preview");
      await until("the preview", () => api.preview.text?.includes("See Rome"));
      await editor.document.save();
    } finally {
      fs.rmSync(alone, { recursive: true, force: true });
    }
  });

  test("a killed server comes back with its findings", async () => {
    const editor = await shown("greet.prompty");
    await until("the preview is its", () => api.preview.text?.includes("Hello Ada"));
    const { pid } = api.server.running.serverProcess;
    assert.ok(pid, "the pid of the server");
    process.kill(pid, "SIGKILL");
    await until("another runs", () => {
      const next = api.server.running?.serverProcess?.pid;
      return next && next !== pid && api.server.health === "running";
    });
    await edit(editor, "Hello {{", "Good day {{");
    await until("the preview follows", () => api.preview.text?.includes("Good day Ada"));
    await edit(editor, "Good day {{", "Hello {{");
    await edit(editor, "{{ name }}", "{{ nmae }}");
    await until("undefined-variable", () => findings(editor.document.uri).includes("undefined-variable"));
    await edit(editor, "{{ nmae }}", "{{ name }}");
    await until("no finding", () => findings(editor.document.uri).length === 0);
  });

  test("a file that `formats:` names is served", async () => {
    const { document } = await shown("prompts/plain.txt");
    await until("a finding", () => findings(document.uri).length > 0);
    await until("it can be run", () => api.watcher.about?.uri === document.uri.toString() && api.watcher.about.run);
  });

  suiteTeardown(async () => {
    await vscode.commands.executeCommand("workbench.action.files.revert");
    assert.ok(fs.existsSync(path.join(folder().fsPath, ".promptls", ".gitignore")));
  });
});
