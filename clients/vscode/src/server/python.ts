/** A Python that can make a virtual environment. */
import * as vscode from "vscode";
import { selectedPython } from "./find";
import { run, WINDOWS } from "./programs";

export interface Python {
  command: string;
  args: string[];
  version: string;
}

export type Search = { python: Python } | { missing: "python" | "venv"; seen: string[] };

const ASK = [
  "import sys, importlib.util",
  "print(*sys.version_info[:3], sep='.')",
  "print('old' if sys.version_info < (3, 11) else 'venv' if all(map(importlib.util.find_spec, ('venv', 'ensurepip'))) else 'bare')",
].join("\n");

/** The first one that fits. `seen`: what is too old or has no `venv`, in the words of a person. */
export async function findPython(): Promise<Search> {
  const seen: string[] = [];
  let bare = false;
  for (const [command, ...args] of await candidates()) {
    const { code, output } = await run(command!, [...args, "-I", "-c", ASK], { timeout: 10_000 });
    const [version, state] = output.trim().split(/\r?\n/);
    if (code !== 0 || !version || !state) {
      continue;
    }
    if (state === "venv") {
      return { python: { command: command!, args, version } };
    }
    bare ||= state === "bare";
    seen.push(`${[command, ...args].join(" ")} is ${version}`);
  }
  return { missing: bare ? "venv" : "python", seen };
}

async function candidates(): Promise<string[][]> {
  const set = vscode.workspace.getConfiguration("promptls").get<string>("python", "");
  if (set) {
    return [[set]];
  }
  const selected = vscode.workspace.isTrusted ? await selectedPython() : undefined;
  const names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"].map((name) => [name]);
  return [...(selected ? [[selected]] : []), ...(WINDOWS ? [["py", "-3"]] : []), ...names];
}
