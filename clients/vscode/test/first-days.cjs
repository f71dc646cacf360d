// node first-days.cjs PORT FOLDER FILE SHOTS: what a newcomer meets in VS Code, done in Chromium. FILE is a prompt in no
// folder. One JSON line for each step.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { workbench, enter } = require("./workbench.cjs");

const [, , port, folder, file, shots] = process.argv;
const RIVAL = /The extension Prompty reports on the same files/;
const SETTLED = 200_000; // a first start installs the server
const EVERYWHERE = ["Delete a key from the secret store", "First steps", "Keep a key in the secret store", "Open an example", "Restart the server", "Show the log"];
const AT_A_PROMPT = ["Choose the sample", "Compare models", "Copy the request as …", "Everything for this prompt …", "New sample", "Open the history of runs", "Preview the prompt", "Run the prompt", "Run with …"];
fs.mkdirSync(shots, { recursive: true });
let failures = 0;

(async () => {
  const w = await workbench(port, folder);
  const { page } = w;
  let shown = page;

  async function step(name, act) {
    const begun = Date.now();
    const wrong = await act().then(() => undefined, (error) => String(error.message ?? error));
    const picture = path.join(shots, `${name.replace(/\W+/g, "-")}.png`);
    if (wrong) await shown.screenshot({ path: picture }).catch(() => undefined);
    if (shown !== page) await shown.close();
    shown = page;
    failures += wrong ? 1 : 0;
    console.log(JSON.stringify({ test: name, ok: !wrong, seconds: (Date.now() - begun) / 1000, ...(wrong ? { error: wrong.slice(0, 800), picture } : {}) }));
  }

  /** Another window of the same browser. */
  async function beside(where) {
    shown = await page.context().newPage();
    return enter(shown, port, where);
  }

  /** The preview's document; the first steps are shown in a frame as well. */
  const panel = (x) => x.page.frameLocator('iframe.webview.ready[src*="extensionId=promptls.promptls"]').frameLocator("iframe#active-frame");
  const message = (x, text) => panel(x).locator(".message.user", { hasText: text });
  /** The lens is there, and its preview says that. */
  async function previews(x, text) {
    await x.lens("Preview").waitFor({ timeout: SETTLED });
    await x.insist(`a preview that says ${text}`, () => x.lens("Preview").click(), () => message(x, text).count());
  }
  /** What the palette lists of ours is just that. */
  async function offers(commands) {
    let last = "";
    await w.until("the palette has what can be done", async () => {
      const found = new Set();
      await w.palette("promptls: ");
      await w.seen(".quick-input-list .monaco-list-row", { text: "promptls: " });
      for (let pages = 0; pages < 3; pages++) {
        for (const row of await page.locator(".quick-input-list .monaco-list-row .label-name").allInnerTexts()) found.add(row);
        await page.keyboard.press("PageDown");
      }
      await page.keyboard.press("Escape");
      last = [...found].filter((row) => row.startsWith("promptls: ")).map((row) => row.replace("promptls: ", "")).sort().join("\n");
      return last === [...commands].sort().join("\n");
    }).catch((error) => { throw new Error(`${error.message}; it has ${last}`); });
  }

  const button = (text) => page.locator(".getting-started-step.expanded .monaco-button", { hasText: text }).first();
  const done = () => page.locator(".getting-started-step .codicon-getting-started-step-checked").count();
  const steps = async (title) => {
    const wanted = page.locator(".getting-started-step", { hasText: title }).first();
    await page.locator(".tab", { hasText: /Walkthrough|Welcome/ }).first().click();
    await w.insist(`the step ${title}`, () => wanted.click(), () => page.locator(".getting-started-step.expanded", { hasText: title }).count());
  };

  await step("the first steps open by themselves", async () => {
    await w.seen(".getting-started-step", { text: "Open a prompt", timeout: 90_000 });
    await button("Open an example").waitFor();
    assert.equal(await done(), 0);
  });

  await step("a rival is told of once, in one window", async () => {
    await w.until("the notice", async () => RIVAL.test(await w.notices()));
    const other = await beside(folder);
    await other.file("greet.prompty");
    await other.lens("Preview").waitFor({ timeout: SETTLED });
    assert.doesNotMatch(await other.notices(), RIVAL);
    assert.equal(await shown.locator(".getting-started-step").count(), 0, "the first steps again");
  });

  await step("their buttons open an example, preview it and run it", async () => {
    await button("Open an example").click();
    await w.seen(".tab.active", { text: "Untitled-1" });
    await w.lens("Preview").waitFor({ timeout: SETTLED });
    await steps("See what a model would get");
    await w.until("the first is done", async () => (await done()) === 1);
    await button("Preview").click();
    await message(w, "Greet Ada").waitFor();
    await steps("Run it");
    await w.until("the second is done", async () => (await done()) === 2);
    await button("Run").click();
    await w.seen(".tab", { text: ".run.md" });
    await w.until("the answer", async () => /no model was called/i.test(await w.text()));
    await steps("Bring your own model");
    await w.until("the third is done", async () => (await done()) === 3);
  });

  await step("a file in a window without a folder is previewed and run", async () => {
    const alone = await beside();
    const input = shown.locator(".quick-input-widget input").first();
    await alone.until("the file is open", async () => {
      await shown.keyboard.press("Control+O");
      await alone.until("the box for a file", async () => (await input.inputValue().catch(() => "")).endsWith("/"));
      await input.fill(file);
      await shown.waitForTimeout(500); // it looks for the file
      await input.press("Enter");
      return shown.locator(".tab.active", { hasText: path.basename(file) }).waitFor({ timeout: 5000 }).then(() => true);
    }, 120_000);
    await alone.lens("Run · echo").waitFor({ timeout: SETTLED });
    await alone.seen(".statusbar-item", { text: "echo" });
    await previews(alone, "Greet Eve");
    await alone.lens("Run · echo").click();
    await alone.seen(".tab", { text: ".run.md" });
    await alone.until("the answer", async () => /Greet Eve/.test(await alone.text()));
    const state = path.join(process.env.PROMPTLS_STATE, "results");
    await alone.until("its result is a file", () => fs.existsSync(state) && fs.readdirSync(state).some((name) => /^greet.*\.run\.md$/.test(name)));
    await alone.until("one page of the result", async () => (await shown.locator(".tab", { hasText: ".run.md" }).count()) === 1);
    assert.deepEqual(fs.readdirSync(path.dirname(file)).filter((name) => name === ".promptls"), []);
  });

  await step("a preview is there again after a reload, and follows the typing", async () => {
    await w.file("greet.prompty");
    await previews(w, "Greet Ada");
    await page.reload({ waitUntil: "domcontentloaded", timeout: 120_000 });
    await w.seen(".monaco-workbench", { timeout: 120_000 });
    await page.locator(".tab", { hasText: /^Preview/ }).first().click({ timeout: SETTLED });
    await message(w, "Greet Ada").waitFor({ timeout: SETTLED });
    await w.file("greet.prompty");
    await w.write("greet.prompty", /^Greet/, " in verse");
    await message(w, "Greet Ada in verse").waitFor();
  });

  await step("a preview that was closed is opened again", async () => {
    const tab = page.locator(".tab", { hasText: /^Preview/ });
    await w.insist("it is closed", () => tab.locator(".codicon-close").click(), async () => (await tab.count()) + (await page.locator("iframe.webview").count()) === 0);
    await w.file("greet.prompty");
    await previews(w, "Greet Ada in verse");
  });

  await step("two windows on one folder", async () => {
    await w.file("greet.prompty");
    await page.keyboard.press("Control+S");
    const other = await beside(folder);
    await other.file("greet.prompty");
    await previews(other, "Greet Ada in verse");
    await other.write("greet.prompty", /^Greet/, " again");
    await message(other, "Greet Ada in verse again").waitFor();
    assert.equal(await message(w, "again").count(), 0, "it shows what the other window has not saved");
    await shown.keyboard.press("Control+S");
    await message(w, "Greet Ada in verse again").waitFor();
  });

  await step("the palette offers what works where it is opened", async () => {
    await w.file("notes.md");
    await w.line("notes.md", "Notes").click();
    await offers(EVERYWHERE);
    await w.file("greet.prompty");
    await w.lens("Preview").waitFor();
    await offers([...EVERYWHERE, ...AT_A_PROMPT]);
    const titled = () => page.locator(".editor-group-container.active .editor-actions .codicon-play").count();
    await w.until("a button in its title", async () => (await titled()) === 1);
    await w.command("promptls: First steps");
    await w.until("none in the title of a page", async () => (await titled()) === 0);
  });

  await step("the panel has one button for each thing", async () => {
    const tab = page.locator(".tab", { hasText: /^Preview/ }).first();
    const titled = (icon) => page.locator(`.editor-group-container.active .editor-actions .codicon-${icon}`);
    // The page of first steps takes the focus when it is ready.
    for (const icon of ["play", "copy"]) await w.insist(`one button to ${icon}`, () => tab.click(), async () => (await titled(icon).count()) === 1);
    const ran = page.locator(".tab", { hasText: /^greet-.*\.run\.md/ });
    await w.insist("a run of what it shows", () => titled("play").click(), () => ran.count());
  });

  await w.close();
  process.exit(failures ? 1 : 0);
})();
