// node host.cjs PORT FOLDER EXTENSION TESTS: runs mocha in the extension host of a code-server, as VS Code's own
// test runner does it: the page is told of the tests by its `payload`. Prints one JSON line for each test.
const { open } = require("./browser.cjs");

const [, , port, folder, extension, tests] = process.argv;
const at = `127.0.0.1:${port}`;

(async () => {
  const { page, close } = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  let done;
  const exit = new Promise((resolve) => (done = resolve));
  await page.exposeFunction("codeAutomationLog", (type, args) => {
    for (const line of args.join(" ").split("\n").filter((each) => each.startsWith('{"test"'))) console.log(line);
  });
  await page.exposeFunction("codeAutomationExit", (code) => done(code));
  const payload = [
    ["extensionDevelopmentPath", `vscode-remote://${at}${extension}`],
    ["extensionTestsPath", `vscode-remote://${at}${tests}`],
    ["enableProposedApi", ""],
  ];
  // Newer builds take a payload only where their page's configuration says so.
  await page.addInitScript(() => {
    const get = Element.prototype.getAttribute;
    Element.prototype.getAttribute = function (name) {
      const value = get.call(this, name);
      if (name !== "data-settings" || this.id !== "vscode-workbench-web-configuration" || !value) return value;
      const settings = JSON.parse(value);
      settings.developmentOptions = { ...settings.developmentOptions, enableSmokeTestDriver: true };
      return JSON.stringify(settings);
    };
  });
  await page.goto(`http://${at}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`, { waitUntil: "domcontentloaded", timeout: 120_000 });
  const code = await Promise.race([exit, new Promise((resolve) => setTimeout(() => resolve("timeout"), 500_000))]);
  if (code !== 0) {
    console.error("the extension host ended with", code);
    if (process.env.PROMPTLS_SHOTS) await page.screenshot({ path: `${process.env.PROMPTLS_SHOTS}/host.png` });
  }
  await close();
  process.exit(code === 0 ? 0 : 1);
})();
