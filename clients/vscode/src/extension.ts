/** promptls in VS Code. All that is known of prompt files is known by the server; this shows it. */
import * as vscode from "vscode";
import { isOurs, Watcher } from "./about";
import { intercept, type Parts, registerCommands } from "./commands";
import { noticeRivals, noticeVirtual, welcome } from "./notices";
import { Preview } from "./preview";
import { Runs } from "./runs";
import { Secrets } from "./secrets";
import { Server } from "./server/server";
import { showStatus } from "./status";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<unknown> {
  const log = vscode.window.createOutputChannel("promptls", { log: true });
  const own = new Server(context, log, (name, args, next) => intercept(() => parts, name, args, next));
  server = own;
  const watcher = new Watcher(own);
  const runs = new Runs();
  const secrets = new Secrets(context);
  const preview = new Preview(own, watcher, context.extensionUri);
  const parts: Parts = { server: own, watcher, preview, runs, secrets };
  context.subscriptions.push(
    log,
    own,
    watcher,
    runs,
    preview,
    showStatus(own, watcher),
    own.onClient((client) => {
      preview.serve(client);
      runs.serve(client);
      secrets.serve(client);
    }),
    runs.onRuns(() => watcher.soon()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      void own.tellSettings();
      void preview.ask();
      watcher.soon();
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("promptls.command") || change.affectsConfiguration("promptls.python")) {
        void (own.health !== "stopped" && own.restart());
      }
    }),
    vscode.workspace.onDidOpenTextDocument((document) => void startFor(document)),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void startForFolders()),
  );
  registerCommands(parts, context);
  noticeRivals(context);
  welcome(context);
  void startForFolders();
  vscode.workspace.textDocuments.forEach((document) => void startFor(document));
  return { server: own, watcher, preview };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** The server starts when the first of its files is opened, not with the window. */
async function startFor(document: vscode.TextDocument): Promise<void> {
  if (server?.health === "stopped" && isOurs(document)) {
    await server.start();
  }
  noticeVirtual(document);
}

/** A folder with a `promptls.yaml` may name files of its own. */
async function startForFolders(): Promise<void> {
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const file = vscode.Uri.joinPath(folder.uri, "promptls.yaml");
    if (folder.uri.scheme === "file" && (await vscode.workspace.fs.stat(file).then(() => true, () => false))) {
      await server?.start();
      return;
    }
  }
}
