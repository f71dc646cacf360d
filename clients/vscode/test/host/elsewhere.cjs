// Prompts that are no file of a folder: a new buffer, an older version that git holds. By VS Code's own API.
const assert = require("node:assert/strict");
const path = require("node:path");
const vscode = require("vscode");
const { pause, until } = require("./index.cjs");

const findings = (uri) => vscode.languages.getDiagnostics(uri).map((one) => one.code?.value ?? one.code);
const TEXT = "---\nname: draft\ninputs:\n  city: {kind: string, default: Rome}\n---\nuser:\nSee {{ ciyt }} and {{ city }}\n";

suite("prompts that are elsewhere", () => {
  let api;

  suiteSetup(async () => {
    api = await vscode.extensions.getExtension("promptls.promptls").activate();
  });

  test("a new buffer whose language is Prompty is checked, completed, previewed and run", async () => {
    const document = await vscode.workspace.openTextDocument({ language: "prompty", content: TEXT });
    const editor = await vscode.window.showTextDocument(document);
    assert.equal(document.uri.scheme, "untitled");
    await until("undefined-variable", () => findings(document.uri).includes("undefined-variable"), 240_000);
    const at = document.positionAt(document.getText().indexOf("{{ city") + 5);
    const list = await vscode.commands.executeCommand("vscode.executeCompletionItemProvider", document.uri, at);
    assert.ok(list.items.some((item) => (item.label.label ?? item.label) === "city"));
    const wrong = document.getText().indexOf("ciyt");
    const range = new vscode.Range(document.positionAt(wrong), document.positionAt(wrong + 4));
    assert.ok(await editor.edit((builder) => builder.replace(range, "city")));
    await until("no finding", () => findings(document.uri).length === 0);
    await vscode.commands.executeCommand("promptls.ui.preview");
    await until("the preview", () => api.preview.text?.includes("See Rome and Rome"));
    await vscode.commands.executeCommand("promptls.ui.run");
    const result = await until("a result", () => vscode.workspace.textDocuments.find((one) => one.uri.scheme === "file" && /See Rome/.test(one.getText())));
    assert.ok(result.uri.path.startsWith(process.env.PROMPTLS_STATE), result.uri.path);
    assert.equal(document.isClosed, false);
  }).timeout(400_000);

  test("a new buffer that becomes a Prompty file by its language is served from then on", async () => {
    let document = await vscode.workspace.openTextDocument({ language: "plaintext", content: TEXT });
    await vscode.window.showTextDocument(document);
    await pause(500);
    assert.deepEqual(findings(document.uri), []);
    document = await vscode.languages.setTextDocumentLanguage(document, "prompty");
    await until("undefined-variable", () => findings(document.uri).includes("undefined-variable"));
    document = await vscode.languages.setTextDocumentLanguage(document, "plaintext");
    await until("no finding", () => findings(document.uri).length === 0);
  });

  test("the version that git holds is shown beside the file, and only the file is checked", async () => {
    const folder = vscode.workspace.workspaceFolders[0].uri;
    const file = vscode.Uri.joinPath(folder, "greet.prompty");
    const git = (await vscode.extensions.getExtension("vscode.git").activate()).getAPI(1);
    await until("git knows the folder", () => git.repositories.length);
    const before = git.toGitUri(file, "HEAD");
    await vscode.commands.executeCommand("vscode.diff", before, file, "greet");
    await until("both sides", () => vscode.window.visibleTextEditors.filter(({ document }) => path.basename(document.uri.path) === "greet.prompty").length === 2);
    const old = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "git");
    assert.equal(old.languageId, "prompty");
    assert.match(old.getText(), /nmae/);
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === "file" && document.uri.path === file.path);
    assert.ok(await editor.edit((builder) => builder.insert(new vscode.Position(editor.document.lineCount, 0), "{{ nobody }}\n")));
    await until("undefined-variable", () => findings(file).includes("undefined-variable"));
    assert.deepEqual(findings(old.uri), []);
    assert.equal(api.server.health, "running");
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });

  test("what is commented out is a remark of the header or of the template, which no model gets", async () => {
    const TEMPLATES = [["prompty", "{# Hello #}"], ["dotprompt", "{{!-- Hello --}}"]];
    for (const [language, remark] of TEMPLATES) {
      const document = await vscode.workspace.openTextDocument({ language, content: "---\nname: draft\n---\nHello\n" });
      const editor = await vscode.window.showTextDocument(document);
      for (const [line, wanted] of [[1, "# name: draft"], [3, remark]]) {
        editor.selection = new vscode.Selection(line, 0, line, 0);
        await until(`${wanted} in ${language}`, async () => {
          await vscode.commands.executeCommand("editor.action.commentLine");
          if (document.lineAt(line).text === wanted) return true;
          await vscode.commands.executeCommand("undo"); // The header is not yet known to be one.
          return false;
        });
      }
    }
  });
});
