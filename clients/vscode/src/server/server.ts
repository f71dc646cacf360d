/** The server's life: found or installed, started, restarted, and said in one sentence where that fails. */
import * as vscode from "vscode";
import { type LanguageClient, State } from "vscode-languageclient/node";
import { type Hooks, makeClient, settings } from "./client";
import { findServer, type Place } from "./find";
import { install, installed, NotInstalled } from "./install";
import { within } from "./programs";

export type Health = "stopped" | "starting" | "running" | "failed";

const CRASHES = 3;
const WITHIN = 3 * 60_000;
/** For the first answer of a server that was started; on a busy machine Python alone takes seconds. */
const PATIENCE = 60_000;
const SOON = 2_000;

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private starting: Promise<LanguageClient | undefined> | undefined;
  private ending: Promise<void> = Promise.resolve();
  private stops = 0;
  private crashes: number[] = [];
  private told: Promise<unknown> = Promise.resolve();
  private heard: () => void = () => undefined;
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

  /**
   * The running client, which has the settings as they are now; starts it where that was not done. Undefined where it
   * cannot be: the person was told.
   */
  async start(): Promise<LanguageClient | undefined> {
    const stops = this.stops;
    const starting = (this.starting ??= this.ending.then(() => this.begin(stops)));
    const client = await starting;
    await this.told;
    if (this.starting !== starting) {
      return this.starting === undefined ? undefined : this.start(); // It was restarted meanwhile, or ended.
    }
    if (!client) {
      this.starting = undefined;
    }
    return client;
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
    this.stops += 1;
    if (this.client?.state === State.Starting) {
      void this.client.dispose().catch(() => undefined); // It may never answer: its process is ended.
    }
    this.ending = Promise.allSettled([this.ending, this.starting]).then(() => this.end());
    this.starting = undefined;
    return this.ending;
  }

  /** Trust was given, or a key: the server asks for the settings when it hears of it, and `start` waits for that. */
  async tellSettings(): Promise<void> {
    const client = this.running;
    if (client) {
      const heard = new Promise<void>((resolve) => (this.heard = resolve));
      this.told = within(SOON, heard).catch(() => undefined);
      const given = { settings: { promptls: settings() } };
      await client.sendNotification("workspace/didChangeConfiguration", given).catch((error: unknown) => this.log.warn(text(error)));
    }
  }

  dispose(): void {
    void this.stop();
    this.changed.dispose();
    this.began.dispose();
  }

  /** `stops`: how often it was stopped when this was asked for; after one more it is asked for no longer. */
  private async begin(stops: number): Promise<LanguageClient | undefined> {
    if (stops !== this.stops) {
      return undefined;
    }
    const failed = (sentence: string) => void (stops === this.stops && this.fail(sentence)) as undefined;
    this.become("starting");
    let place: Place;
    try {
      place = (await findServer()) ?? (await installed(this.context)) ?? (await install(this.context, this.log));
    } catch (error) {
      this.log.error(error instanceof Error ? error : String(error));
      return failed(error instanceof NotInstalled ? error.message : `promptls could not install its server: ${text(error)}`);
    }
    if (stops !== this.stops) {
      return undefined;
    }
    this.place = place;
    this.log.info(`The server is ${place.command}: ${place.why}.`);
    let ran = false;
    const died = () => ran && this.client === client && this.died();
    const client: LanguageClient = makeClient(place, this.log, { command: this.command, died, told: () => this.heard() });
    this.client = client;
    this.began.fire(client);
    try {
      await within(PATIENCE, client.start());
    } catch (error) {
      this.client = undefined;
      void client.dispose().catch(() => undefined); // Its process may still be there.
      this.log.error(text(error));
      return failed(
        `The promptls server did not start from ${place.command} (${place.why}): type \`"${place.command}" --version\` to see why, or run "promptls: Show the log".`,
      );
    }
    ran = true;
    this.version = client.initializeResult?.serverInfo?.version ?? "";
    this.become("running");
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

  /** Starts it again, until it has died for the third time in three minutes. */
  private died(): void {
    const now = Date.now();
    this.crashes = [...this.crashes, now].filter((then) => now - then < WITHIN);
    if (this.crashes.length < CRASHES) {
      void this.restart();
      return;
    }
    this.crashes = [];
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
