/** The server's life: found or installed, started, restarted, and said in one sentence where that fails. */
import * as vscode from "vscode";
import { type LanguageClient, State } from "vscode-languageclient/node";
import { type Hooks, makeClient, settings } from "./client";
import { findServer, type Place } from "./find";
import { install, installed, NotInstalled } from "./install";

export type Health = "stopped" | "starting" | "running" | "failed";

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private starting: Promise<LanguageClient | undefined> | undefined;
  private ending: Promise<void> = Promise.resolve();
  private readonly changed = new vscode.EventEmitter<Health>();
  private readonly began = new vscode.EventEmitter<LanguageClient>();
  readonly onHealth = this.changed.event;
  /** A client was made; its notifications can be asked for, before it has started. */
  readonly onClient = this.began.event;
  health: Health = "stopped";
  place: Place | undefined;
  version = "";

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
    private readonly command: Hooks["command"],
  ) {}

  /** The running client; starts it where that was not done. Undefined where it cannot be: the person was told. */
  start(): Promise<LanguageClient | undefined> {
    if (!this.starting) {
      const starting = this.ending.then(() => this.begin());
      const failed = () => {
        if (this.starting === starting) {
          this.starting = undefined;
        }
      };
      void starting.then((client) => client ?? failed(), failed);
      this.starting = starting;
    }
    return this.starting;
  }

  get running(): LanguageClient | undefined {
    return this.client?.isRunning() ? this.client : undefined;
  }

  async restart(): Promise<void> {
    void this.stop();
    await this.start();
  }

  /** Ends what runs or starts. What is started after this call waits for the end: two of us never overlap. */
  stop(): Promise<void> {
    this.ending = Promise.allSettled([this.ending, this.starting]).then(() => this.end());
    this.starting = undefined;
    return this.ending;
  }

  /** Trust was given, or a setting that the server asks for has changed. */
  async tellSettings(): Promise<void> {
    await this.running?.sendNotification("workspace/didChangeConfiguration", { settings: { promptls: settings() } });
  }

  dispose(): void {
    void this.stop();
    this.changed.dispose();
    this.began.dispose();
  }

  private async begin(): Promise<LanguageClient | undefined> {
    this.become("starting");
    try {
      this.place = (await findServer()) ?? (await installed(this.context)) ?? (await install(this.context, this.log));
    } catch (error) {
      this.log.error(error instanceof Error ? error : String(error));
      this.fail(error instanceof NotInstalled ? error.message : `promptls could not install its server: ${text(error)}`);
      return undefined;
    }
    this.log.info(`The server is ${this.place.command}: ${this.place.why}.`);
    const gaveUp = () => this.client === client && this.gaveUp();
    const client: LanguageClient = makeClient(this.place, this.log, { command: this.command, gaveUp });
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.client === client && newState === State.Running) {
        this.version = client.initializeResult?.serverInfo?.version ?? "";
        this.become("running");
      } else if (this.client === client && newState === State.Starting) {
        this.become("starting");
      }
    });
    this.began.fire(client);
    try {
      await client.start();
    } catch (error) {
      this.client = undefined;
      this.log.error(text(error));
      this.fail(
        `The promptls server did not start from ${this.place.command} (${this.place.why}): type \`"${this.place.command}" --version\` to see why, or run "promptls: Show the log".`,
      );
      return undefined;
    }
    this.compareVersions();
    return client;
  }

  /** Findings differ between versions, commands between minor ones: said once for each pair. */
  private compareVersions(): void {
    const own = String(this.context.extension.packageJSON.version);
    const same = minor(own) === minor(this.version);
    const key = `skew ${own} ${this.version}`;
    if (same || this.context.globalState.get(key)) {
      return;
    }
    void this.context.globalState.update(key, true);
    const update = "Update the one that is older, or clear the way to the extension's own server.";
    void vscode.window.showWarningMessage(
      `This is promptls ${own} for VS Code, but the server from ${this.place?.why ?? "elsewhere"} is ${this.version || "of an unknown version"}. ${update}`,
    );
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.dispose(5000).catch((error: unknown) => this.log.warn(String(error)));
    this.become("stopped");
  }

  private gaveUp(): void {
    this.client = undefined;
    this.starting = undefined;
    this.fail(
      'The promptls server stopped three times within three minutes and is left alone now: look at "promptls: Show the log", then run "promptls: Restart the server".',
    );
  }

  /** The editor stays usable: nothing here throws, and a restart begins anew. */
  private fail(sentence: string): void {
    this.become("failed");
    const again = "Restart the server";
    const log = "Show the log";
    void vscode.window.showErrorMessage(sentence, again, log).then((chosen) => {
      if (chosen === again) {
        void this.restart();
      } else if (chosen === log) {
        this.log.show();
      }
    });
  }

  private become(health: Health): void {
    this.health = health;
    this.changed.fire(health);
  }
}

function minor(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
