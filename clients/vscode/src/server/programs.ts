/** Other programs: started without a shell, their output read whole or line by line. */
import { spawn } from "node:child_process";
import { constants, promises as fs } from "node:fs";
import * as path from "node:path";

export const WINDOWS = process.platform === "win32";

export interface Outcome {
  /** The exit code; -1 where the program could not be started or took too long. */
  code: number;
  output: string;
}

export interface Options {
  timeout: number;
  cwd?: string;
  said?: (text: string) => void;
  env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end; never throws. `timeout` in milliseconds. */
export function run(command: string, args: readonly string[], options: Options): Promise<Outcome> {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      timeout: options.timeout,
      windowsHide: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const hear = (data: Buffer): void => {
      output += data.toString();
      options.said?.(data.toString());
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", (error) => resolve({ code: -1, output: output + error.message }));
    child.on("close", (code) => resolve({ code: code ?? -1, output }));
  });
}

/** Rejects where there is no answer by then; `patience` in milliseconds. */
export function within<T>(patience: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patience / 1000} s`)), patience);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

export async function isProgram(file: string): Promise<boolean> {
  try {
    await fs.access(file, WINDOWS ? constants.F_OK : constants.X_OK);
    return (await fs.stat(file)).isFile();
  } catch {
    return false;
  }
}

/** The program of that name in a virtual environment. */
export function inEnvironment(folder: string, name: string): string {
  return WINDOWS ? path.join(folder, "Scripts", `${name}.exe`) : path.join(folder, "bin", name);
}

/** The first program of that name on the path; relative entries are not looked at, they lead into the workspace. */
export async function onPath(name: string): Promise<string | undefined> {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  for (const folder of folders) {
    const file = path.join(folder, WINDOWS ? `${name}.exe` : name);
    if (await isProgram(file)) {
      return file;
    }
  }
  return undefined;
}
