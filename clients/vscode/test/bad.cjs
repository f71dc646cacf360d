// node bad.cjs PORT FOLDER DATA SHOTS: what goes wrong on a first start; each is one sentence that says what to do.
const fs = require("node:fs");
const path = require("node:path");
const { workbench } = require("./workbench.cjs");

const [, , port, folder, data, shots] = process.argv;
const OLD = process.env.PROMPTLS_TEST_OLD; // a command that serves as another version, in JSON
const DAYS = [
  ["no Python", { "promptls.python": "/nowhere/python3" }, /needs Python 3\.11 or newer and found none.*`/s],
  ["offline", {}, /no package index answers: when you are online type `python3 -m pip/],
  ["no server where the setting says", { "promptls.command": ["/nowhere/promptls"] }, /did not start from \/nowhere\/promptls \(the setting/],
  ["a server of another version", { "promptls.command": JSON.parse(OLD || "[]") }, /promptls [\d.]+ for VS Code, but the server from the setting .* is 9\.9\.9/],
];

fs.mkdirSync(shots, { recursive: true });
const file = path.join(data, "User", "settings.json");
const plain = JSON.parse(fs.readFileSync(file, "utf8"));
let failures = 0;

(async () => {
  for (const [name, settings, sentence] of DAYS) {
    fs.writeFileSync(file, JSON.stringify({ ...plain, ...settings }));
    const begun = Date.now();
    const w = await workbench(port, folder);
    let said = "";
    const wrong = await w
      .file("greet.prompty")
      .then(() => w.until(`a sentence like ${sentence}`, async () => sentence.test((said = await w.notices())), 200_000))
      .then(() => undefined, (error) => `${error.message}; there was: ${said}`);
    const picture = path.join(shots, `${name.replace(/\W+/g, "-")}.png`);
    if (wrong) await w.page.screenshot({ path: picture }).catch(() => undefined);
    failures += wrong ? 1 : 0;
    console.log(JSON.stringify({ test: name, ok: !wrong, said, seconds: (Date.now() - begun) / 1000, ...(wrong ? { error: wrong.slice(0, 600) } : {}) }));
    await w.close();
  }
  process.exit(failures ? 1 : 0);
})();
