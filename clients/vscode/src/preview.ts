/** The panel beside a prompt: the server's page of the buffer as it is now. Only the page's content is changed. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { About, Watcher } from "./about";
import type { Server } from "./server/server";

const VIEW = "promptls.preview";

interface Shown {
  uri: string;
  title: string;
  content: string;
  version: number | null;
  sample: number | null;
  samples: string[];
  messages: { role: string; pieces: { text: string }[] }[];
}

type Said = { type: "promptls.reveal"; line: number; offset: number } | { type: "promptls.sample"; sample: number } | { type: "ready" };

export class Preview implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private panel: vscode.WebviewPanel | undefined;
  private uri: vscode.Uri | undefined;
  private prompt: string | undefined;
  private shown: Shown | undefined;
  private ready = false;
  private asked = 0;
  private answered = 0;
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly server: Server,
    watcher: Watcher,
    private readonly extension: vscode.Uri,
  ) {
    this.subscription = vscode.Disposable.from(
      vscode.window.registerWebviewPanelSerializer(VIEW, this),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.point(textEditor)),
      watcher.onAbout((about) => this.follow(about)),
      // A server that was started anew watches nothing yet.
      server.onHealth((health) => void (health === "running" && this.ask(this.shown?.sample ?? undefined))),
    );
  }

  serve(client: LanguageClient): vscode.Disposable {
    return client.onNotification("promptls/previewChanged", (shown: Shown) => {
      if (this.uri && vscode.Uri.parse(shown.uri).toString() === this.uri.toString()) {
        this.show(shown);
      }
    });
  }

  /** Opens the panel beside, or brings it to front, for a document. */
  async open(uri: vscode.Uri, prompt?: string, sample?: number): Promise<void> {
    if (this.panel === undefined) {
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      this.hold(vscode.window.createWebviewPanel(VIEW, "Preview", column, { enableScripts: true, localResourceRoots: [] }));
    } else {
      this.panel.reveal(undefined, true);
    }
    this.turnTo(uri, prompt);
    await this.ask(sample);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: { uri?: string } | undefined): Promise<void> {
    this.hold(panel);
    if (state?.uri) {
      this.turnTo(vscode.Uri.parse(state.uri));
      await this.ask();
    }
  }

  /** All messages as text, for the clipboard. */
  get text(): string | undefined {
    return this.shown?.messages
      .map(({ role, pieces }) => `${role}:\n${pieces.map(({ text }) => text).join("")}`)
      .join("\n\n");
  }

  get document(): vscode.Uri | undefined {
    return this.panel && this.uri;
  }

  get isActive(): boolean {
    return this.panel?.active ?? false;
  }

  dispose(): void {
    this.panel?.dispose();
    this.subscription.dispose();
  }

  private hold(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    this.ready = false;
    panel.iconPath = vscode.Uri.joinPath(this.extension, "icons", "prompt.svg");
    panel.webview.onDidReceiveMessage((said: Said) => void this.hear(said));
    panel.onDidDispose(() => {
      if (this.panel === panel) {
        this.leave();
        this.panel = this.shown = this.uri = undefined;
      }
    });
    panel.webview.html = shell(randomBytes(18).toString("base64url"));
  }

  /** At once, so that of two who turn it the last one wins. */
  private turnTo(uri: vscode.Uri, prompt?: string): void {
    if (this.uri?.toString() !== uri.toString()) {
      this.leave();
      this.shown = undefined;
    }
    this.uri = uri;
    this.prompt = prompt;
  }

  /** The panel shows what is in front. */
  private follow(about: About | undefined): void {
    if (this.panel && about?.previews && about.uri !== this.uri?.toString()) {
      this.turnTo(vscode.Uri.parse(about.uri));
      void this.ask();
    }
  }

  private leave(): void {
    const client = this.server.running;
    if (this.uri && client) {
      const textDocument = { uri: client.code2ProtocolConverter.asUri(this.uri) };
      void client.sendRequest("promptls/preview", { textDocument, watch: false }).catch(() => undefined);
    }
  }

  /** Asks for what is to be shown now; an answer to an older question is not shown. */
  async ask(sample?: number): Promise<void> {
    const number = ++this.asked;
    await this.answer(number, sample);
    this.answered = Math.max(this.answered, number);
  }

  private async answer(number: number, sample?: number): Promise<void> {
    if (!this.uri || !this.panel) {
      return;
    }
    if (!vscode.workspace.isTrusted) {
      this.note("This workspace is not trusted: nothing is rendered. Trust it to see what would be sent.");
      return;
    }
    const client = await this.server.start();
    if (number !== this.asked || !this.uri) {
      return;
    }
    if (!client) {
      this.note("The promptls server is not running.");
      return;
    }
    const textDocument = { uri: client.code2ProtocolConverter.asUri(this.uri) };
    const wanted = { textDocument, format: "html", watch: true, ...(this.prompt ? { prompt: this.prompt } : {}) };
    try {
      const shown = await client.sendRequest<Shown>("promptls/preview", sample ? { ...wanted, sample } : wanted);
      if (number === this.asked) {
        this.show(shown);
      }
    } catch (error) {
      if (number === this.asked) {
        this.note(error instanceof Error ? error.message : String(error));
      }
    }
  }

  private show(shown: Shown): void {
    this.shown = shown;
    if (this.panel) {
      this.panel.title = `Preview ${shown.title}`;
    }
    this.send();
  }

  private send(): void {
    if (this.ready && this.shown && this.uri) {
      void this.panel?.webview.postMessage({ type: "page", html: this.shown.content, uri: this.uri.toString() });
      const editor = this.editor();
      if (editor) {
        this.point(editor);
      }
    }
  }

  private note(sentence: string): void {
    if (this.ready) {
      void this.panel?.webview.postMessage({ type: "note", text: sentence });
    }
  }

  private point(editor: vscode.TextEditor): void {
    if (this.ready && this.shown && editor.document.uri.toString() === this.uri?.toString()) {
      const line = editor.selection.active.line;
      const before = editor.document.getText(new vscode.Range(0, 0, line, editor.selection.active.character));
      const offset = before.length - (before.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
      void this.panel?.webview.postMessage({ type: "cursor", line, offset });
    }
  }

  private editor(): vscode.TextEditor | undefined {
    return vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === this.uri?.toString());
  }

  private async hear(said: Said): Promise<void> {
    if (said.type === "ready") {
      this.ready = true;
      if (this.shown) {
        this.send();
      } else if (this.answered === this.asked) {
        await this.ask(); // What was said before could not be shown.
      }
    } else if (said.type === "promptls.sample" && Number.isInteger(said.sample)) {
      await this.ask(said.sample);
    } else if (said.type === "promptls.reveal" && Number.isInteger(said.line) && this.uri) {
      const place = new vscode.Position(Math.max(said.line, 0), 0);
      const column = this.editor()?.viewColumn ?? vscode.ViewColumn.One;
      const editor = await vscode.window.showTextDocument(this.uri, { viewColumn: column });
      const line = editor.document.lineAt(Math.min(place.line, editor.document.lineCount - 1));
      const characters = offsetIn(editor.document, said.offset);
      const at = characters && line.range.contains(characters) ? characters : line.range.start;
      editor.selection = new vscode.Selection(at, at);
      editor.revealRange(line.range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }
}

/** The server counts characters, the editor the halves of some of them. */
function offsetIn(document: vscode.TextDocument, offset: number): vscode.Position | undefined {
  if (!Number.isInteger(offset) || offset < 0) {
    return undefined;
  }
  return document.positionAt([...document.getText()].slice(0, offset).join("").length);
}

/**
 * The frame of the page: it loads nothing, and runs this script alone. What the server sends is parsed as a document
 * that runs no scripts, and of it the style and what is to be read are taken over, so that nothing flickers.
 */
function shell(nonce: string): string {
  const policy = `default-src 'none'; img-src data:; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Preview</title>
<style nonce="${nonce}">
#note{margin:1rem;font:14px system-ui,sans-serif}
#note:empty{display:none}
.here{outline:2px solid var(--vscode-focusBorder,#888);outline-offset:1px}
main{padding-top:1.1rem!important}
</style>
<style id="page" nonce="${nonce}"></style></head>
<body><p id="note" role="status">Rendering …</p><main></main>
<script nonce="${nonce}">${SCRIPT}</script></body></html>`;
}

const SCRIPT = `
const vscode = acquireVsCodeApi();
const note = document.getElementById("note"), style = document.getElementById("page");
let main = document.querySelector("main");
const open = new Set();
function page({ html, uri }) {
  const made = new DOMParser().parseFromString(html, "text/html");
  const css = made.querySelector("style")?.textContent ?? "";
  if (style.textContent !== css) style.textContent = css;
  const fresh = document.importNode(made.querySelector("main"), true);
  fresh.querySelectorAll("script,iframe,object,embed,form,base,link,meta,style").forEach((each) => each.remove());
  fresh.querySelectorAll("details").forEach((each) => { if (open.has(each.firstElementChild.textContent)) each.open = true; });
  main.replaceWith(fresh);
  main = fresh;
  main.querySelectorAll("details").forEach((each) => each.addEventListener("toggle", () =>
    open[each.open ? "add" : "delete"](each.firstElementChild.textContent)));
  note.textContent = "";
  vscode.setState({ uri });
}
function cursor({ line, offset }) {
  main.querySelectorAll(".here").forEach((each) => each.classList.remove("here"));
  const places = [...main.querySelectorAll("[data-line]")].map((each) => [Number(each.dataset.line), Number(each.dataset.offset), each]);
  const before = places.filter(([, at]) => at <= offset).sort((a, b) => a[1] - b[1]).at(-1);
  if (!before) return;
  const shown = before[2].localName === "mark" && before[0] === line ? before[2] : before[2].closest(".message");
  shown?.classList.add("here");
  shown?.scrollIntoView({ block: "nearest" });
}
addEventListener("message", ({ data }) => {
  if (data.type === "page") page(data);
  else if (data.type === "cursor") cursor(data);
  else if (data.type === "note") { note.textContent = data.text; }
});
function act(event) {
  const place = event.target.closest("[data-line]"), sample = event.target.closest("[data-sample]");
  if (place) vscode.postMessage({ type: "promptls.reveal", line: Number(place.dataset.line), offset: Number(place.dataset.offset) });
  else if (sample) vscode.postMessage({ type: "promptls.sample", sample: Number(sample.dataset.sample) });
}
addEventListener("click", act);
addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.localName === "mark") act(event); });
vscode.postMessage({ type: "ready" });
`;
