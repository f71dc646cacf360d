/** The first start: a virtual environment in the extension's storage, with the wheel that the extension carries. */
import { createHash } from "node:crypto";
import { promises as fs } from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import type { Place } from "./find";
import { inEnvironment, isProgram, type Outcome, run } from "./programs";
import { findPython, type Python } from "./python";

const DONE = "installed";
const BEAT = 2_000;
const STALE = 10 * BEAT;
/** What making a folder says where there is one; on Windows also where one is just being deleted. */
const HELD = new Set(["EEXIST", "EPERM"]);
const OFFLINE =
  /name resolution|getaddrinfo|NewConnectionError|ConnectTimeout|Network is unreachable|ProxyError|Connection refused|No matching distribution|Could not find a version|timed out/i;

/** Says in one sentence what is missing and what to type. */
export class NotInstalled extends Error {}

/** The server of this very build of the extension, if an earlier start installed it. */
export async function installed(context: vscode.ExtensionContext): Promise<Place | undefined> {
  const folder = await environment(context);
  const program = inEnvironment(folder, "promptls");
  const done = (await isFile(path.join(folder, DONE))) && (await isProgram(program));
  return done ? { command: program, args: ["lsp"], why: "what the extension installed for itself" } : undefined;
}

/** Installs it, with progress; throws NotInstalled. */
export async function install(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<Place> {
  const options = { location: vscode.ProgressLocation.Notification, title: "promptls" };
  return vscode.window.withProgress(options, async (progress) => {
    const folder = await environment(context);
    const release = await locked(`${folder}.lock`, () => progress.report({ message: "another window installs …" }));
    try {
      const there = await installed(context);
      if (there) {
        return there;
      }
      progress.report({ message: "looking for Python …" });
      const python = await pythonOrWhy();
      log.info(`Python ${python.version}: ${python.command}; installing into ${folder}`);
      for (const last of [false, true]) {
        const failed = await attempt(context, python, folder, progress, log);
        if (!failed) {
          break;
        }
        await fs.rm(folder, { recursive: true, force: true });
        if (last) {
          throw new NotInstalled(sentence(failed, context));
        }
        log.warn("That failed; once more.");
      }
      await fs.writeFile(path.join(folder, DONE), "");
      await forgetOthers(folder);
      return (await installed(context))!;
    } finally {
      await release();
    }
  });
}

async function attempt(
  context: vscode.ExtensionContext,
  python: Python,
  folder: string,
  progress: vscode.Progress<{ message: string }>,
  log: vscode.LogOutputChannel,
): Promise<Outcome | undefined> {
  const carried = path.join(context.extensionPath, "server");
  const own = inEnvironment(folder, "python");
  const pip = ["-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar=off", "--retries=1"];
  const pinned = ["--require-hashes", "--only-binary=:all:", "-r", path.join(carried, "requirements.txt")];
  const steps: [message: string, command: string, args: string[]][] = [
    ["making a virtual environment …", python.command, [...python.args, "-I", "-m", "venv", "--clear", folder]],
    ["installing its dependencies …", own, [...pip, ...pinned]],
    ["installing the server …", own, [...pip, "--no-deps", "--no-index", await wheel(context)]],
    ["starting it once …", inEnvironment(folder, "promptls"), ["--version"]],
  ];
  for (const [message, command, args] of steps) {
    progress.report({ message });
    log.info(`${command} ${args.join(" ")}`);
    const said = (text: string): void => log.info(text.trimEnd());
    const outcome = await run(command, args, { timeout: 300_000, cwd: path.dirname(folder), said });
    if (outcome.code !== 0) {
      return outcome;
    }
  }
  return undefined;
}

async function pythonOrWhy(): Promise<Python> {
  const search = await findPython();
  if ("python" in search) {
    return search.python;
  }
  const seen = search.seen.length ? ` (${search.seen.join(", ")})` : "";
  if (search.missing === "venv") {
    throw new NotInstalled(
      `promptls cannot install its server, as this Python makes no virtual environments${seen}: type \`sudo apt install python3-venv\`, then run "promptls: Restart the server".`,
    );
  }
  throw new NotInstalled(
    `promptls needs Python 3.11 or newer and found none${seen}: type \`${howToGetPython()}\`, or say where it is in the setting \`promptls.python\`, then run "promptls: Restart the server".`,
  );
}

function howToGetPython(): string {
  const ways: Partial<Record<NodeJS.Platform, string>> = {
    win32: "winget install Python.Python.3.13",
    darwin: "brew install python",
  };
  return ways[process.platform] ?? "sudo apt install python3 python3-venv";
}

function sentence(failed: Outcome, context: vscode.ExtensionContext): string {
  const carried = path.join(context.extensionPath, "server", "requirements.txt");
  if (OFFLINE.test(failed.output)) {
    return `promptls could not fetch what its server needs, as no package index answers: when you are online type \`python3 -m pip download -r "${carried}"\` to see why, or run "promptls: Restart the server" to try again.`;
  }
  const last = failed.output.trim().split(/\r?\n/).at(-1) ?? "";
  return `promptls could not install its server (${last.slice(0, 160)}): the log says more; "promptls: Restart the server" tries again.`;
}

/** One for each build, as two builds may have one version. */
async function environment(context: vscode.ExtensionContext): Promise<string> {
  const bytes = await fs.readFile(await wheel(context));
  const build = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  await fs.mkdir(context.globalStorageUri.fsPath, { recursive: true });
  return path.join(context.globalStorageUri.fsPath, `server-${build}`);
}

async function wheel(context: vscode.ExtensionContext): Promise<string> {
  const folder = path.join(context.extensionPath, "server");
  const name = (await fs.readdir(folder)).find((file) => file.endsWith(".whl"));
  return path.join(folder, name ?? "");
}

/** Servers of builds before this one. One that still runs in another window may refuse to go, and goes next time. */
async function forgetOthers(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  for (const name of await fs.readdir(parent)) {
    if (/^server-[0-9a-f]{8}$/.test(name) && name !== path.basename(folder)) {
      await fs.rm(path.join(parent, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

/** Waits while another window holds the lock, which it says all the time: one that is silent was left behind. */
async function locked(lock: string, waiting: () => void): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await fs.mkdir(lock);
    } catch (error) {
      if (!HELD.has((error as NodeJS.ErrnoException).code ?? "")) {
        throw error;
      }
      waiting();
      const said = await fs.stat(lock).then(({ mtimeMs }) => mtimeMs, Date.now);
      if (Date.now() - said > STALE) {
        await fs.rm(lock, { recursive: true, force: true });
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      continue;
    }
    const beat = setInterval(() => void fs.utimes(lock, new Date(), new Date()).catch(() => undefined), BEAT);
    return async () => {
      clearInterval(beat);
      await fs.rm(lock, { recursive: true, force: true });
    };
  }
}

async function isFile(file: string): Promise<boolean> {
  return fs.stat(file).then((found) => found.isFile(), () => false);
}
