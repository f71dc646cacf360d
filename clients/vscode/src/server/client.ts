/** The language client: what it declares, what it hands to the server, what happens when the server dies. */
import * as vscode from "vscode";
import {
  CloseAction,
  type ClientCapabilities,
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  type Middleware,
  type StaticFeature,
} from "vscode-languageclient/node";
import { selector } from "../patterns";
import { beside, isPage } from "../runs";
import type { Place } from "./find";

const NEVER = new vscode.CancellationTokenSource().token;
const CRASHES = 3;
const WITHIN = 3 * 60_000;

export interface Hooks {
  /** A command of the server that a lens, a menu or a person started. */
  command(name: string, args: unknown[], next: () => Promise<unknown>): Promise<unknown>;
  gaveUp(): void;
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
      initializationOptions: settings(),
      synchronize: { configurationSection: "promptls" },
      middleware,
      errorHandler: new Fence(hooks),
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

/** Restarts a server that died, until it dies for the third time in three minutes. */
class Fence implements ErrorHandler {
  private readonly crashes: number[] = [];

  constructor(private readonly hooks: Hooks) {}

  error(): { action: ErrorAction } {
    return { action: ErrorAction.Continue };
  }

  closed(): { action: CloseAction; handled: boolean } {
    const now = Date.now();
    this.crashes.push(now);
    if (this.crashes.filter((then) => now - then < WITHIN).length < CRASHES) {
      return { action: CloseAction.Restart, handled: true };
    }
    this.crashes.length = 0;
    this.hooks.gaveUp();
    return { action: CloseAction.DoNotRestart, handled: true };
  }
}
