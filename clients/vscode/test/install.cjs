// node install.cjs: where a server is found and how it is installed, in plain Node with a stub of VS Code: what a real
// window cannot be made to do, as Windows, a step that fails once, a window that died half way. One JSON line each.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const Module = require("node:module");
const os = require("node:os");
const path = require("node:path");
const esbuild = require("esbuild");

const SOURCES = path.join(__dirname, "..", "src", "server");
const work = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "promptls install ")));
let failures = 0;

/** A Python of this test's own: it says what it is asked, makes an "environment" of itself, and "installs". */
const PYTHON = `#!/bin/sh
echo "$@" >> "$LOG"
case "$*" in
*" -c "*|"-I -c"*) printf '%s\\n' "3.12.1" "\${STATE:-venv}" ;;
*"-m venv"*) for last; do :; done; mkdir -p "$last/bin" && cp "$0" "$last/bin/python" ;;
*"pip install"*)
  if [ -e "$FAILS" ]; then rm "$FAILS"; echo "ERROR: HTTP error 500"; exit 1; fi
  [ -z "$SLOW" ] || sleep "$SLOW"
  printf '#!/bin/sh\\necho promptls 0\\n' > "$(dirname "$0")/promptls" && chmod +x "$(dirname "$0")/promptls" ;;
esac
`;

/** A module of the extension as another system would load it; \`vscode\` is what it sees of the editor. */
function load(name, vscode, { windows = false } = {}) {
  const { outputFiles } = esbuild.buildSync({ entryPoints: [path.join(SOURCES, name)], bundle: true, platform: "node", format: "cjs", external: ["vscode"], write: false });
  const made = new Module(path.join(work, name));
  const platform = Object.getOwnPropertyDescriptor(process, "platform");
  made.require = (id) => (id === "vscode" ? vscode : id === "node:path" && windows ? path.win32 : require(id));
  try {
    if (windows) Object.defineProperty(process, "platform", { value: "win32" });
    made._compile(outputFiles[0].text, path.join(work, name));
  } finally {
    Object.defineProperty(process, "platform", platform);
  }
  return made.exports;
}

function editor(settings = {}, { trusted = true, folders = [], python } = {}) {
  const said = [];
  return {
    said,
    ProgressLocation: {},
    Uri: {},
    workspace: {
      isTrusted: trusted,
      workspaceFolders: folders.map((fsPath) => ({ uri: { scheme: "file", fsPath } })),
      getConfiguration: () => ({ get: (key, otherwise) => settings[key] ?? otherwise }),
    },
    window: { withProgress: (_, act) => act({ report: ({ message }) => said.push(message) }) },
    extensions: {
      getExtension: (id) => python && id === "ms-python.python" && {
        isActive: true,
        exports: { environments: { getActiveEnvironmentPath: () => ({ path: python }), resolveEnvironment: async () => ({ executable: { uri: { fsPath: python } } }) } },
      },
    },
  };
}

/** A fresh place to install into, with a space in its path. */
function place(name) {
  const folder = path.join(work, name);
  fs.mkdirSync(path.join(folder, "extension", "server"), { recursive: true });
  fs.writeFileSync(path.join(folder, "extension", "server", "promptls-0-py3-none-any.whl"), "wheel");
  fs.writeFileSync(path.join(folder, "python 3"), PYTHON, { mode: 0o755 });
  const log = path.join(folder, "asked");
  fs.writeFileSync(log, "");
  Object.assign(process.env, { LOG: log, FAILS: path.join(folder, "fails"), SLOW: "", STATE: "" });
  const context = { extensionPath: path.join(folder, "extension"), globalStorageUri: { fsPath: path.join(folder, "global storage") } };
  return { folder, log, context, python: path.join(folder, "python 3"), storage: path.join(folder, "global storage") };
}

const logged = () => {
  const lines = [];
  const hear = (line) => lines.push(line);
  return { lines, info: hear, warn: hear, error: hear };
};
const asked = ({ log }, what) => fs.readFileSync(log, "utf8").split("\n").filter((line) => line.includes(what)).length;

const TESTS = {
  async "a step that fails once is tried once more"() {
    const here = place("once");
    fs.writeFileSync(process.env.FAILS, "");
    const log = logged();
    const found = await load("install.ts", editor({ python: here.python })).install(here.context, log);
    assert.equal(found.why, "what the extension installed for itself");
    assert.ok(fs.existsSync(found.command));
    assert.equal(asked(here, "-m venv"), 2);
    assert.ok(log.lines.includes("That failed; once more."));
    assert.deepEqual(fs.readdirSync(here.storage).filter((name) => name.endsWith(".lock")), []);
  },

  async "a step that fails twice is told of, and leaves nothing behind"() {
    const here = place("twice");
    fs.mkdirSync(process.env.FAILS); // \`rm\` leaves a folder
    const { install, NotInstalled } = load("install.ts", editor({ python: here.python }));
    await assert.rejects(install(here.context, logged()), (error) => error instanceof NotInstalled && /could not install its server \(ERROR: HTTP error 500\)/.test(error.message));
    assert.equal(asked(here, "-m venv"), 2);
    assert.deepEqual(fs.readdirSync(here.storage), []);
  },

  async "a second window waits for the first, and installs nothing"() {
    const here = place("two windows");
    process.env.SLOW = "3";
    const beats = new Set();
    const look = setInterval(() => {
      for (const name of fs.readdirSync(here.storage).filter((each) => each.endsWith(".lock"))) {
        const lock = fs.statSync(path.join(here.storage, name), { throwIfNoEntry: false }); // It may just have gone.
        if (lock) beats.add(lock.mtimeMs);
      }
    }, 200);
    fs.mkdirSync(here.storage);
    const windows = [editor({ python: here.python }), editor({ python: here.python })];
    const found = await Promise.all(windows.map((window) => load("install.ts", window).install(here.context, logged())));
    clearInterval(look);
    assert.equal(found[0].command, found[1].command);
    assert.ok(beats.size > 1, "the first does not say that it still lives");
    assert.equal(asked(here, "-m venv"), 1);
    assert.equal(windows.filter(({ said }) => said.includes("another window installs …")).length, 1);
  },

  async "what a window left that was ended half way is made anew, without waiting long"() {
    const here = place("half way");
    const { install, installed } = load("install.ts", editor({ python: here.python }));
    const { command } = await install(here.context, logged());
    const folder = path.dirname(path.dirname(command));
    fs.rmSync(path.join(folder, "installed"));
    fs.writeFileSync(path.join(folder, "bin", "half"), "");
    fs.mkdirSync(`${folder}.lock`);
    const old = new Date(Date.now() - 60_000);
    fs.utimesSync(`${folder}.lock`, old, old);
    assert.equal(await installed(here.context), undefined);
    assert.equal((await install(here.context, logged())).command, command);
    assert.deepEqual(fs.readdirSync(here.storage), [path.basename(folder)]);
  },

  async "a server of another build goes when this one is there"() {
    const here = place("builds");
    fs.mkdirSync(path.join(here.storage, "server-00000000", "bin"), { recursive: true });
    const { command } = await load("install.ts", editor({ python: here.python })).install(here.context, logged());
    assert.deepEqual(fs.readdirSync(here.storage), [path.basename(path.dirname(path.dirname(command)))]);
  },

  async "a Python that makes no environments: one sentence"() {
    const here = place("bare");
    process.env.STATE = "bare";
    const { install } = load("install.ts", editor({ python: here.python }));
    await assert.rejects(install(here.context, logged()), /makes no virtual environments \(.*python 3 is 3\.12\.1\): type `sudo apt install python3-venv`/);
  },

  async "a Python that is too old: one sentence"() {
    const here = place("old");
    process.env.STATE = "old";
    const { install } = load("install.ts", editor({ python: here.python }));
    await assert.rejects(install(here.context, logged()), /needs Python 3\.11 or newer and found none \(.*python 3 is 3\.12\.1\): type `/);
  },

  async "on Windows a server is Scripts\\promptls.exe"() {
    const { inEnvironment } = load("programs.ts", editor(), { windows: true });
    assert.equal(inEnvironment("C:\\work\\.venv", "promptls"), "C:\\work\\.venv\\Scripts\\promptls.exe");
  },

  async "on Windows it is found in the workspace, beside conda's python.exe, on the path"() {
    const there = path.join(work, "windows");
    fs.mkdirSync(there);
    process.chdir(there); // Such a path is a plain name here.
    const make = (name) => fs.writeFileSync(path.join(there, name), "");
    const { PATH } = process.env;
    process.env.PATH = "relative;C:\\tools;D:\\bin";
    try {
      const find = (options) => load("find.ts", editor({}, options), { windows: true }).findServer();
      assert.equal(await find({}), undefined);
      make("D:\\bin\\promptls.exe");
      assert.deepEqual(await find({}), { command: "D:\\bin\\promptls.exe", args: ["lsp"], why: "the `PATH`" });
      make("C:\\conda\\envs\\x\\Scripts\\promptls.exe");
      assert.equal((await find({ python: "C:\\conda\\envs\\x\\python.exe" })).command, "C:\\conda\\envs\\x\\Scripts\\promptls.exe");
      assert.equal((await find({ python: "C:\\conda\\envs\\x\\Scripts\\python.exe" })).command, "C:\\conda\\envs\\x\\Scripts\\promptls.exe");
      make("\\\\server\\share\\prompts\\venv\\Scripts\\promptls.exe");
      const folders = ["\\\\server\\share\\prompts"];
      assert.equal((await find({ folders })).command, "\\\\server\\share\\prompts\\venv\\Scripts\\promptls.exe");
      assert.equal((await find({ folders, trusted: false })).command, "D:\\bin\\promptls.exe");
    } finally {
      process.env.PATH = PATH;
      process.chdir(work);
    }
  },
};

(async () => {
  for (const [name, look] of Object.entries(TESTS)) {
    const wrong = await look().then(() => undefined, (error) => String(error.stack ?? error));
    failures += wrong ? 1 : 0;
    console.log(JSON.stringify({ test: name, ok: !wrong, ...(wrong ? { error: wrong.slice(0, 1500) } : {}) }));
  }
  process.chdir(os.tmpdir());
  fs.rmSync(work, { recursive: true, force: true });
  process.exit(failures ? 1 : 0);
})();
