/** What a person starts, `promptls.ui.*`, and what becomes of the server's commands on their way to it. */
import * as vscode from "vscode";
import type { Watcher } from "./about";
import type { Preview } from "./preview";
import { type Runs, SCHEME } from "./runs";
import type { Secrets } from "./secrets";
import type { Server } from "./server/server";

const KIND = "source.promptls";
/** These render or send; the server refuses them as well where the workspace is not trusted. */
const HARMLESS = new Set(["cancel", "convert", "explain", "openHistory", "newSample"].map((name) => `promptls.${name}`));

export interface Parts {
  server: Server;
  watcher: Watcher;
  preview: Preview;
  runs: Runs;
  secrets: Secrets;
}

export function registerCommands({ server, watcher, preview, secrets }: Parts, context: vscode.ExtensionContext): void {
  const started: Record<string, (uri?: unknown) => unknown> = {
    preview: (uri) => withDocument((about) => send("promptls.preview", about), uri),
    run: (uri) => withDocument((about) => send("promptls.run", about), uri),
    stop: (uri) => {
      const meant = front(uri);
      const run = meant?.scheme === SCHEME ? meant.query : undefined;
      return run ? send("promptls.cancel", { run }) : withDocument((about) => send("promptls.cancel", { uri: about.uri }), uri);
    },
    compare: (uri) => withDocument((about) => send("promptls.compare", about), uri),
    history: (uri) => withDocument((about) => send("promptls.openHistory", { uri: about.uri }), uri),
    newSample: (uri) => withDocument((about) => send("promptls.newSample", about), uri),
    runWith: () => menu("runWith", "Run with …"),
    sample: () => menu("sample", "Which values?"),
    copyAs: () => menu("copyAs", "Copy the request as …"),
    menu: () => menu("", "promptls"),
    copy: async () => {
      await vscode.env.clipboard.writeText(preview.text ?? "");
      vscode.window.setStatusBarMessage("The messages are in the clipboard.", 3000);
    },
    setKey: async () => (await secrets.set()) && server.tellSettings(),
    deleteKey: async () => (await secrets.delete()) && server.tellSettings(),
    restart: () => server.restart(),
    log: () => server.log.show(),
    example: () => openExample(vscode.Uri.joinPath(context.extensionUri, "media", "first.prompty")),
    walkthrough: () => vscode.commands.executeCommand("workbench.action.openWalkthrough", `${context.extension.id}#start`),
  };
  for (const [name, start] of Object.entries(started)) {
    context.subscriptions.push(
      vscode.commands.registerCommand(`promptls.ui.${name}`, async (uri?: unknown) => {
        try {
          return await start(uri);
        } catch (error) {
          tell(error);
        }
      }),
    );
  }

  async function send(command: string, argument: object): Promise<unknown> {
    return (await server.start()) && vscode.commands.executeCommand(command, argument);
  }

  /** What is named by the title whose button it was, which names panels too, else what is in front. */
  function front(given?: unknown): vscode.Uri | undefined {
    if (given instanceof vscode.Uri && given.scheme !== "webview-panel") {
      return given;
    }
    return preview.isActive ? preview.document : vscode.window.activeTextEditor?.document.uri;
  }

  /** The prompt or result that is meant; beside the words of a run it is that which was in front before. */
  function prompt(given?: unknown): vscode.Uri | undefined {
    const meant = front(given);
    return meant && meant.scheme !== SCHEME ? meant : watcher.about && vscode.Uri.parse(watcher.about.uri);
  }

  async function withDocument(use: (about: { uri: string; line?: number }) => unknown, given?: unknown): Promise<unknown> {
    const editor = vscode.window.activeTextEditor;
    const uri = prompt(given);
    const client = await server.start();
    if (!uri || !client) {
      void (client && vscode.window.showInformationMessage("Open a prompt file first."));
      return undefined;
    }
    await vscode.workspace.openTextDocument(uri);
    const line = editor?.document.uri.toString() === uri.toString() ? editor.selection.active.line : undefined;
    return use({ uri: client.code2ProtocolConverter.asUri(uri), ...(line === undefined ? {} : { line }) });
  }

  /** The server's own menu, of one kind or all: what it offers as code actions where the cursor is. */
  async function menu(kind: string, placeHolder: string): Promise<unknown> {
    const editor = vscode.window.activeTextEditor;
    const uri = prompt();
    const place = editor?.document.uri.toString() === uri?.toString() ? editor?.selection : undefined;
    const actions = uri
      ? await vscode.commands.executeCommand<vscode.CodeAction[]>(
          "vscode.executeCodeActionProvider",
          uri,
          place ?? new vscode.Range(0, 0, 0, 0),
          kind ? `${KIND}.${kind}` : KIND,
        )
      : [];
    const items = (actions ?? [])
      .filter((action) => action.command !== undefined)
      .map((action): vscode.QuickPickItem & { start: vscode.Command } => ({ label: action.title, start: action.command! }));
    const own: (vscode.QuickPickItem & { start: vscode.Command })[] = [
      { label: "$(output) Show the log", start: { command: "promptls.ui.log", title: "" } },
      { label: "$(debug-restart) Restart the server", start: { command: "promptls.ui.restart", title: "" } },
    ];
    const all = kind ? items : [...items, { label: "", kind: vscode.QuickPickItemKind.Separator, start: own[0]!.start }, ...own];
    if (!all.length) {
      return vscode.window.showInformationMessage("There is nothing to choose from here.");
    }
    const chosen = await vscode.window.showQuickPick(all, { placeHolder });
    return chosen && vscode.commands.executeCommand(chosen.start.command, ...(chosen.start.arguments ?? []));
  }
}

/** A command of the server, from a lens or a menu: the preview is ours to show; what renders or runs needs trust. */
export async function intercept(
  parts: () => Parts,
  name: string,
  args: unknown[],
  next: () => Promise<unknown>,
): Promise<unknown> {
  const { server, preview, runs, watcher } = parts();
  const given = (args[0] ?? {}) as { uri?: string; prompt?: string; sample?: number };
  if (!vscode.workspace.isTrusted && !HARMLESS.has(name)) {
    const manage = "Manage Workspace Trust";
    void vscode.window
      .showWarningMessage("This workspace is not trusted: promptls checks it, but renders and runs nothing.", manage)
      .then((chosen) => chosen && vscode.commands.executeCommand("workbench.trust.manage"));
    return undefined;
  }
  if (name === "promptls.preview" && given.uri) {
    return preview.open(vscode.Uri.parse(given.uri), given.prompt, given.sample);
  }
  try {
    await server.start(); // It may not have heard yet that the workspace is trusted.
    const answer = (await next()) as { runs?: string[]; content?: string } | undefined;
    if (name === "promptls.compare" && answer?.runs) {
      runs.keepSilent(answer.runs);
    } else if (name === "promptls.copyAs" && answer?.content) {
      await vscode.env.clipboard.writeText(answer.content);
      vscode.window.setStatusBarMessage("The request is in the clipboard.", 3000);
    }
    return answer;
  } catch (error) {
    tell(error);
    return undefined;
  } finally {
    watcher.soon();
  }
}

/** As a new file: what the extension carries is not to be changed. */
async function openExample(carried: vscode.Uri): Promise<void> {
  const example = await vscode.workspace.openTextDocument(carried);
  const copy = { language: example.languageId, content: example.getText() };
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(copy));
}

function tell(error: unknown): void {
  void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
}
