/** Where the server is: set by the person, in the workspace's environment, in the selected Python's, on the path. */
import * as path from "node:path";
import * as vscode from "vscode";
import { inEnvironment, isProgram, onPath, within } from "./programs";

/** For the Python extension to come to its feet. */
const PATIENCE = 30_000;

export interface Place {
  command: string;
  args: string[];
  /** For the log and for a person: `the virtual environment of the workspace`. */
  why: string;
}

/** Nothing of the workspace is started while it is not trusted; VS Code itself then hides its settings. */
export async function findServer(): Promise<Place | undefined> {
  const set = vscode.workspace.getConfiguration("promptls").get<string[]>("command", []);
  const [command, ...args] = set.filter((word) => typeof word === "string");
  if (command) {
    return { command, args: args.length ? args : ["lsp"], why: "the setting `promptls.command`" };
  }
  for (const [folder, why] of vscode.workspace.isTrusted ? await environments() : []) {
    const program = inEnvironment(folder, "promptls");
    if (await isProgram(program)) {
      return { command: program, args: ["lsp"], why };
    }
  }
  const found = await onPath("promptls");
  return found ? { command: found, args: ["lsp"], why: "the `PATH`" } : undefined;
}

async function environments(): Promise<[folder: string, why: string][]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
  const own = folders.flatMap((folder) =>
    [".venv", "venv"].map((name): [string, string] => [
      path.join(folder.uri.fsPath, name),
      "the virtual environment of the workspace",
    ]),
  );
  const python = await selectedPython();
  // bin/python of an environment; on Windows python.exe stands in Scripts, or beside it where conda made it.
  const above = python ? path.dirname(path.dirname(python)) : "";
  const beside = python ? path.dirname(python) : "";
  const selected: [string, string][] = above
    ? [above, beside].map((folder) => [folder, "the selected Python's environment"])
    : [];
  return [...own, ...selected];
}

/** The interpreter that is selected in the Python extension, where that is installed and awake. */
export async function selectedPython(): Promise<string | undefined> {
  return within(PATIENCE, askPython()).catch(() => undefined); // Another extension's troubles are its own.
}

interface PythonApi {
  environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(path: unknown): Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
  };
}

async function askPython(): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>("ms-python.python");
  const api = extension && (extension.isActive ? extension.exports : await extension.activate());
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = api?.environments?.getActiveEnvironmentPath(folder);
  const resolved = chosen && (await api?.environments?.resolveEnvironment(chosen));
  return resolved?.executable.uri?.fsPath;
}
