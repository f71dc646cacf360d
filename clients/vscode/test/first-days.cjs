// node first-days.cjs PORT FOLDER FILE SHOTS: what a newcomer meets in VS Code, done in Chromium. FILE is a prompt in no
// folder. One JSON line for each step.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { workbench, enter } = require("./workbench.cjs");

const [, , port, folder, file, shots] = process.argv;
const RIVAL = /The extension Prompty reports on the same files/;
const SETTLED = 90_000; // a first start installs the server
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
    await shown.screenshot({ path: picture }).catch(() => undefined);
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
  const lens = (x, text, timeout = 15_000) => x.page.locator(".codelens-decoration a", { hasText: text }).first().waitFor({ timeout });
  /** What the palette lists of ours. */
  async function offered(window, text = "") {
    await window.keyboard.press("F1");
    await window.locator(".quick-input-widget input").first().fill(`>promptls: ${text}`);
    await window.waitForTimeout(800);
    const rows = await window.locator(".quick-input-list .monaco-list-row .label-name").allInnerTexts();
    await window.keyboard.press("Escape");
    return rows.filter((row) => row.startsWith("promptls: ")).map((row) => row.replace("promptls: ", ""));
  }

  const button = (text) => page.locator(".getting-started-step.expanded .monaco-button", { hasText: text }).first();
  const done = () => page.locator(".getting-started-step .codicon-getting-started-step-checked").count();
  const steps = async (title) => {
    await page.locator(".tab", { hasText: /Walkthrough|Welcome/ }).first().click();
    await page.locator(".getting-started-step", { hasText: title }).first().click();
  };

  await step("the first steps open by themselves", async () => {
    await w.seen(".getting-started-step", { text: "Open a prompt", timeout: 30_000 });
    await button("Open an example").waitFor();
    assert.equal(await done(), 0);
  });

  await step("a rival is told of once, in one window", async () => {
    await w.until("the notice", async () => RIVAL.test(await w.notices()));
    await w.command("Notifications: Clear All Notifications");
    const other = await beside(folder);
    await other.file("greet.prompty");
    await lens(other, "Preview", SETTLED);
    assert.doesNotMatch(await other.notices(), RIVAL);
    assert.equal(await shown.locator(".getting-started-step").count(), 0, "the first steps again");
  });

  await step("their buttons open an example, preview it and run it", async () => {
    await button("Open an example").click();
    await w.seen(".tab.active", { text: "Untitled-1" });
    await lens(w, "Preview", SETTLED);
    await steps("See what a model would get");
    await w.until("the first is done", async () => (await done()) === 1);
    await button("Preview").click();
    await panel(w).locator(".message.user", { hasText: "Greet Ada" }).waitFor();
    await steps("Run it");
    await w.until("the second is done", async () => (await done()) === 2);
    await page.screenshot({ path: path.join(shots, "second step.png") });
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
      await shown.waitForTimeout(500);
      await shown.keyboard.press("Enter");
      return shown.locator(".tab.active", { hasText: path.basename(file) }).waitFor({ timeout: 3000 }).then(() => true, () => false);
    }, 40_000);
    await lens(alone, "Run · echo", SETTLED);
    await alone.seen(".statusbar-item", { text: "echo" });
    await shown.locator(".codelens-decoration a", { hasText: "Preview" }).first().click();
    await panel(alone).locator(".message.user", { hasText: "Greet Eve" }).waitFor();
    await shown.locator(".codelens-decoration a", { hasText: "Run · echo" }).first().click();
    await alone.seen(".tab", { text: ".run.md" });
    await alone.until("the answer", async () => /Greet Eve/.test(await alone.text()));
    const state = path.join(process.env.PROMPTLS_STATE, "results");
    await alone.until("its result is a file", () => fs.existsSync(state) && fs.readdirSync(state).some((name) => /^greet.*\.run\.md$/.test(name)));
    await alone.until("one page of the result", async () => (await shown.locator(".tab", { hasText: ".run.md" }).count()) === 1);
    assert.deepEqual(fs.readdirSync(path.dirname(file)).filter((name) => name === ".promptls"), []);
  });

  await step("a preview is there again after a reload, and follows the typing", async () => {
    await w.file("greet.prompty");
    await lens(w, "Preview");
    await page.locator(".codelens-decoration a", { hasText: "Preview" }).first().click();
    await panel(w).locator(".message.user", { hasText: "Greet Ada" }).waitFor();
    await page.reload();
    await w.seen(".monaco-workbench", { timeout: 60_000 });
    await page.locator(".tab", { hasText: /^Preview/ }).first().click();
    await panel(w).locator(".message.user", { hasText: "Greet Ada" }).waitFor({ timeout: 60_000 });
    await w.file("greet.prompty");
    await page.locator(".view-line", { hasText: /^Greet/ }).first().click();
    await page.keyboard.press("End");
    await page.keyboard.type(" in verse", { delay: 15 });
    await panel(w).locator(".message.user", { hasText: "Greet Ada in verse" }).waitFor();
  });

  await step("a preview that was closed is opened again", async () => {
    await page.locator(".tab", { hasText: /^Preview/ }).locator(".codicon-close").click();
    await w.until("it is closed", async () => (await page.locator("iframe.webview").count()) === 0);
    await w.file("greet.prompty");
    await page.locator(".codelens-decoration a", { hasText: "Preview" }).first().click();
    await panel(w).locator(".message.user", { hasText: "Greet Ada in verse" }).waitFor();
  });

  await step("two windows on one folder", async () => {
    await w.file("greet.prompty");
    await page.keyboard.press("Control+S");
    const other = await beside(folder);
    await other.file("greet.prompty");
    await lens(other, "Preview", SETTLED);
    await shown.locator(".codelens-decoration a", { hasText: "Preview" }).first().click();
    await shown.locator(".view-line", { hasText: /^Greet/ }).first().click();
    await shown.keyboard.press("End");
    await shown.keyboard.type(" again", { delay: 15 });
    await panel(other).locator(".message.user", { hasText: "Greet Ada in verse again" }).waitFor();
    assert.equal(await panel(w).locator(".message.user", { hasText: "again" }).count(), 0, "it shows what the other window has not saved");
    await shown.keyboard.press("Control+S");
    await panel(w).locator(".message.user", { hasText: "Greet Ada in verse again" }).waitFor();
  });

  await step("the palette offers what works where it is opened", async () => {
    await w.file("notes.md");
    await page.locator(".view-line", { hasText: "Notes" }).first().click();
    await page.waitForTimeout(1000);
    assert.deepEqual((await offered(page)).sort(), ["Delete a key from the secret store", "First steps", "Keep a key in the secret store", "Open an example", "Restart the server", "Show the log"]);
    await w.file("greet.prompty");
    await lens(w, "Preview");
    for (const one of ["Preview the prompt", "Run the prompt", "Run with …", "Compare models", "Choose the sample", "New sample", "Everything for this prompt …"]) assert.ok((await offered(page, one)).includes(one), one);
    assert.ok(!(await offered(page, "Stop the run")).includes("Stop the run"));
    const titled = () => page.locator(".editor-group-container.active .editor-actions .codicon-play").count();
    await w.until("a button in its title", async () => (await titled()) === 1);
    await w.command("promptls: First steps");
    await w.until("none in the title of a page", async () => (await titled()) === 0);
  });

  await step("the panel has one button for each thing", async () => {
    await page.locator(".tab", { hasText: /^Preview/ }).first().click();
    await page.waitForTimeout(500);
    for (const icon of ["play", "copy"]) assert.equal(await page.locator(`.editor-group-container.active .editor-actions .codicon-${icon}`).count(), 1, icon);
  });

  await w.close();
  process.exit(failures ? 1 : 0);
})();
