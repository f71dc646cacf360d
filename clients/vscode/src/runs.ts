/** Runs: their words as they come, in a document of their own, and at the end the result that the server wrote. */
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

export const SCHEME = "promptls-run";
const ENDS = new Set(["finished", "failed", "cancelled"]);
const PAUSE = 100;

interface RunEvent {
  run: string;
  kind: string;
  uri: string;
  page: string;
  text?: string;
}

interface Run {
  id: string;
  page: string;
  /** The document that shows the words while they come. */
  shown: vscode.Uri | undefined;
  thinking: string;
  answer: string;
  waiting: string;
  timer: NodeJS.Timeout | undefined;
}

export class Runs implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly runs = new Map<string, Run>();
  private readonly silent = new Set<string>();
  private last: Promise<unknown> = Promise.resolve();
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly moved = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  /** A run began or ended. */
  readonly onRuns = this.moved.event;
  private readonly subscription: vscode.Disposable;

  constructor() {
    this.subscription = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.toString())),
    );
  }

  serve(client: LanguageClient): vscode.Disposable {
    this.runs.clear();
    return client.onNotification("promptls/runEvent", (event: RunEvent) => {
      this.last = this.last.then(() => this.happened(event)).catch(() => undefined);
    });
  }

  /** Runs that have one page together, which the server shows. */
  keepSilent(ids: readonly string[]): void {
    ids.forEach((id) => this.silent.add(id));
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? "";
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
    this.moved.dispose();
  }

  private async happened(event: RunEvent): Promise<void> {
    const one = this.runs.get(event.run) ?? this.make(event);
    if (event.kind === "delta") {
      one.answer += event.text ?? "";
    } else if (event.kind === "thinking") {
      one.thinking += event.text ?? "";
    } else if (event.kind === "waiting") {
      one.waiting = event.text ?? "";
    } else if (event.kind === "started" && !this.silent.has(one.id)) {
      await this.open(one);
    } else if (event.kind === "written" || ENDS.has(event.kind)) {
      await this.end(one, event);
      return;
    }
    this.soon(one);
  }

  private make(event: RunEvent): Run {
    const one = { id: event.run, page: event.page, shown: undefined, thinking: "", answer: "", waiting: "", timer: undefined };
    this.runs.set(event.run, one);
    this.moved.fire();
    return one;
  }

  private async open(one: Run): Promise<void> {
    const name = vscode.Uri.parse(one.page).path.split("/").at(-1) ?? "result.md";
    one.shown = vscode.Uri.from({ scheme: SCHEME, path: `/${name}`, query: one.id });
    this.texts.set(one.shown.toString(), words(one));
    await vscode.languages.setTextDocumentLanguage(await vscode.workspace.openTextDocument(one.shown), "markdown");
    await vscode.window.showTextDocument(one.shown, beside());
  }

  /** `written`: the result stands on disk. A run that sent nothing has none. */
  private async end(one: Run, event: RunEvent): Promise<void> {
    if (event.kind !== "written") {
      this.draw(one);
      this.moved.fire();
      if (one.shown === undefined) {
        this.runs.delete(one.id);
      }
      return;
    }
    this.runs.delete(one.id);
    clearTimeout(one.timer);
    const tab = one.shown && tabOf(one.shown);
    if (!tab) {
      return; // It is shown on a page with others, or the person closed it.
    }
    const options = { ...beside(), viewColumn: tab.group.viewColumn };
    const editor = await vscode.window.showTextDocument(vscode.Uri.parse(event.page), options);
    const answer = one.answer.trim().replaceAll("\r\n", "\n");
    const at = answer ? editor.document.getText().replaceAll("\r\n", "\n").lastIndexOf(answer) : -1;
    if (at >= 0) {
      const place = editor.document.positionAt(at);
      editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.AtTop);
    }
    // Tabs are made anew where one of the same name comes beside them.
    const old = one.shown && tabOf(one.shown);
    await (old && vscode.window.tabGroups.close(old, true));
  }

  private soon(one: Run): void {
    one.timer ??= setTimeout(() => {
      one.timer = undefined;
      this.draw(one);
    }, PAUSE);
  }

  private draw(one: Run): void {
    if (one.shown === undefined) {
      return;
    }
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === one.shown?.toString());
    const last = editor ? editor.document.lineCount - 1 : 0;
    const follows = editor?.visibleRanges.some((range) => range.end.line >= last - 1);
    this.texts.set(one.shown.toString(), words(one));
    this.changed.fire(one.shown);
    if (editor && follows) {
      const end = new vscode.Position(editor.document.lineCount + 1, 0);
      setTimeout(() => editor.revealRange(new vscode.Range(end, end)), PAUSE / 2);
    }
  }
}

function words({ thinking, answer, waiting }: Run): string {
  if (!thinking && !answer) {
    return `${waiting || "Waiting for the first word …"}\n`;
  }
  const thought = thinking ? `${thinking.replace(/^/gm, "> ")}\n\n` : "";
  return thought + answer;
}

/** Where results stand: beside the prompt, all in one group. */
export function beside(): vscode.TextDocumentShowOptions {
  const { activeTabGroup: active, all } = vscode.window.tabGroups;
  const group = isResult(active.activeTab) ? active : all.find((one) => one !== active && one.tabs.some(isResult));
  return { viewColumn: group?.viewColumn ?? vscode.ViewColumn.Beside, preserveFocus: true, preview: false };
}

function isResult(tab: vscode.Tab | undefined): boolean {
  const uri = tab?.input instanceof vscode.TabInputText ? tab.input.uri : undefined;
  return uri !== undefined && (uri.scheme === SCHEME || isPage(uri));
}

/** A document that the server writes itself. */
export function isPage(uri: vscode.Uri): boolean {
  return uri.path.includes("/.promptls/");
}

function tabOf(uri: vscode.Uri): vscode.Tab | undefined {
  const tabs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
  return tabs.find(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
}
