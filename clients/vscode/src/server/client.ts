/** The language client: what it declares, and what it hands to the server. */
import * as vscode from "vscode";
import {
  CloseAction,
  type ClientCapabilities,
  ErrorAction,
  LanguageClient,
  type Middleware,
  type StaticFeature,
} from "vscode-languageclient/node";
import { selector } from "../patterns";
import { beside, isPage } from "../runs";
import type { Place } from "./find";

const NEVER = new vscode.CancellationTokenSource().token;

export interface Hooks {
  /** A command of the server that a lens, a menu or a person started. */
  command(name: string, args: unknown[], next: () => Promise<unknown>): Promise<unknown>;
  /** The server has ended by itself. */
  died(): void;
  /** The server has the settings as they are now. */
  told(): void;
}

export function makeClient(place: Place, log: vscode.LogOutputChannel, hooks: Hooks): LanguageClient {
  const middleware: Middleware = {
    executeCommand: (name, args, next) => hooks.command(name, args, async () => next(name, args)),
    window: {
      showDocument: async (params, token, next) => {
        const uri = vscode.Uri.parse(params.uri);
        if (!isPage(uri)) {
          return next(params, token);
        }
        const { start } = params.selection ?? {};
        const selection = start && { selection: new vscode.Range(start.line, 0, start.line, 0) };
        const options = { ...beside(), ...selection, preserveFocus: !params.takeFocus };
        return vscode.window.showTextDocument(uri, options).then(() => ({ success: true }), () => ({ success: false }));
      },
    },
    workspace: {
      handleApplyEdit: async (params, next) => {
        const answer = await next(params, NEVER);
        savePages();
        return answer;
      },
      configuration: async (params, token, next) => {
        const answers = await next(params, token);
        setImmediate(hooks.told);
        return Array.isArray(answers)
          ? answers.map((answer: unknown, at) => (params.items[at]?.section === "promptls" ? settings() : answer))
          : answers;
      },
    },
  };
  // Not `promptls`: a client reads `<id>.trace.server`, and a full trace would show keys from the store.
  const client = new LanguageClient(
    "promptls-client",
    "promptls",
    { command: place.command, args: place.args },
    {
      documentSelector: selector,
      outputChannel: log,
      initializationOptions: settings,
      synchronize: { configurationSection: "promptls" },
      middleware,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue }),
        closed: () => {
          // The client's own restart can be neither waited for nor stopped.
          setImmediate(hooks.died);
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
      initializationFailedHandler: () => false, // We say it, in one sentence.
      markdown: { supportHtml: false },
    },
  );
  client.registerFeature(declared);
  return client;
}

/** What the server writes itself, results and comparisons, is saved when it has stopped to grow for a moment. */
function savePages(): void {
  clearTimeout(saving);
  saving = setTimeout(() => {
    const pages = vscode.workspace.textDocuments.filter(({ uri, isDirty }) => isDirty && isPage(uri));
    pages.forEach((page) => void page.save());
  }, 800);
}

let saving: NodeJS.Timeout | undefined;

/** What the server reads of the settings; the rest is the client's own. Trust is the editor's to know. */
export function settings(): Record<string, unknown> {
  const all = vscode.workspace.getConfiguration("promptls");
  const read = ["diagnosticsDelay", "inlayHints", "target", "keys", "offline", "hostChecks"];
  const set = read.map((key) => [key, all.get(key)] as const).filter(([, value]) => value !== undefined && value !== null);
  return { ...Object.fromEntries(set), trusted: vscode.workspace.isTrusted };
}

const declared: StaticFeature = {
  fillClientCapabilities(capabilities: ClientCapabilities) {
    const own = { preview: true, runEvents: true, secrets: true, host: { name: "vscode", version: vscode.version } };
    capabilities.experimental = { ...(capabilities.experimental as object | undefined), promptls: own };
  },
  initialize() {},
  getState: () => ({ kind: "static" }),
  clear() {},
};
