/** What the server says of the document in front: what can be started on it, and with which model. */
import * as vscode from "vscode";
import { CodeLensRequest } from "vscode-languageclient/node";
import { patterns, selector } from "./patterns";
import { SCHEME } from "./runs";
import type { Server } from "./server/server";

export interface About {
  uri: string;
  /** `Run · echo`, as the lens says it; empty where the file is none that can be run. */
  run: string;
  tokens: string;
  previews: boolean;
  stops: boolean;
}

const PAUSE = 300;

/** Looks at the active document when it, its text or the runs change; sets the keys that menus are shown by. */
export class Watcher implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<About | undefined>();
  readonly onAbout = this.changed.event;
  about: About | undefined;
  private timer: NodeJS.Timeout | undefined;
  private looks = 0;
  private uri: string | undefined;
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly server: Server) {
    this.subscriptions = [
      vscode.window.onDidChangeActiveTextEditor((editor) => editor && this.soon(0)),
      vscode.window.tabGroups.onDidChangeTabs(() => this.soon(PAUSE)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document === vscode.window.activeTextEditor?.document) {
          this.soon(PAUSE);
        }
      }),
      server.onHealth(() => this.soon(0)),
    ];
  }

  soon(after = PAUSE): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), after);
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.subscriptions, this.changed).dispose();
  }

  private async look(): Promise<void> {
    const document = this.spokenOf();
    if (!document) {
      return;
    }
    this.uri = document.uri.toString();
    const look = ++this.looks;
    const client = this.server.running;
    let about: About | undefined;
    if (client?.getFeature(CodeLensRequest.method).getProvider(document)) {
      const uri = client.code2ProtocolConverter.asUri(document.uri);
      const lenses = await client.sendRequest(CodeLensRequest.type, { textDocument: { uri } }).catch(() => null);
      const of = (name: string): string[] =>
        (lenses ?? []).flatMap(({ command }) => (command?.command === name ? [command.title] : []));
      const previews = of("promptls.preview");
      about = {
        uri: document.uri.toString(),
        run: of("promptls.run")[0] ?? "",
        tokens: previews.find((title) => title.endsWith("tokens")) ?? "",
        previews: previews.length > 0,
        stops: of("promptls.cancel").length > 0,
      };
      if (look !== this.looks || this.spokenOf() !== document) {
        return; // There is a newer question, or will be.
      }
    }
    this.about = about;
    void vscode.commands.executeCommand("setContext", "promptls.canRun", Boolean(about?.run));
    void vscode.commands.executeCommand("setContext", "promptls.canPreview", Boolean(about?.previews));
    void vscode.commands.executeCommand("setContext", "promptls.canStop", Boolean(about?.stops));
    this.changed.fire(about);
  }

  /** What is in front; that before it while a panel, a menu or the words of a run have the focus. */
  private spokenOf(): vscode.TextDocument | undefined {
    const front = vscode.window.activeTextEditor?.document;
    if (front && front.uri.scheme !== SCHEME) {
      return front;
    }
    return vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === this.uri);
  }
}

/** As far as its name or its language says it; `formats:` names others, which the server asks for. */
export function isOurs(document: vscode.TextDocument): boolean {
  return vscode.languages.match(selector as vscode.DocumentSelector, document) > 0;
}

/** Wherever it is. */
export function isNamedAsOurs(document: vscode.TextDocument): boolean {
  return vscode.languages.match(patterns.map((pattern) => ({ pattern: `**/${pattern}` })), document) > 0;
}
