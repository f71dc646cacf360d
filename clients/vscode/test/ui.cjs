// node ui.cjs PORT FOLDER DATA SHOTS: what a person does in VS Code, done in Chromium. One JSON line for each step;
// a step that fails leaves a picture, and the next ones are tried all the same.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { workbench, PATIENCE } = require("./workbench.cjs");

const [, , port, folder, data, shots] = process.argv;
fs.mkdirSync(shots, { recursive: true });
const SQUIGGLES = ".squiggly-error, .squiggly-warning, .squiggly-info, .squiggly-hint";
let failures = 0;

(async () => {
  const started = Date.now();
  const w = await workbench(port, folder);
  const { page, seen, until } = w;
  page.on("pageerror", (error) => console.error("page:", error.message.slice(0, 300)));

  async function step(name, act) {
    const begun = Date.now();
    const wrong = await act().then(() => undefined, (error) => String(error.message ?? error));
    const picture = path.join(shots, `${name.replace(/\W+/g, "-")}.png`);
    await page.waitForTimeout(150);
    await page.screenshot({ path: picture }).catch(() => undefined);
    failures += wrong ? 1 : 0;
    console.log(JSON.stringify({ test: name, ok: !wrong, seconds: (Date.now() - begun) / 1000, ...(wrong ? { error: wrong.slice(0, 600), picture } : {}) }));
  }

  /** Once more where a lens that came meanwhile has moved the lines. */
  const hovers = (place, text) =>
    until(`a hover that says ${text}`, async () => {
      await w.hover(place);
      return seen(".monaco-hover", { text, timeout: 3000 }).then(() => true, () => false);
    });

  await step("not trusted: checked, but neither previewed nor run", async () => {
    await seen(".statusbar-item", { text: "Restricted Mode" });
    await w.file("greet.prompty");
    await seen(SQUIGGLES, { state: "attached", timeout: 120_000 });
    await page.locator(".codelens-decoration a", { hasText: "Preview" }).first().click();
    await until("a notice", async () => /not trusted/.test(await w.notices()));
    await page.waitForTimeout(500); // it slides in
    await page.screenshot({ path: path.join(shots, "not-trusted.png") });
    assert.equal(await page.locator("iframe.webview").count(), 0);
    await w.command("Notifications: Clear All Notifications");
  });

  await step("trust is given, and the same window previews", async () => {
    await w.command("Workspaces: Manage Workspace Trust");
    await page.locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ }).first().click({ timeout: PATIENCE });
    await page.waitForTimeout(1500); // VS Code may start its extensions anew
    await w.file("greet.prompty");
    await seen(SQUIGGLES, { state: "attached", timeout: 120_000 });
    await page.locator(".codelens-decoration a", { hasText: "Preview" }).first().click();
    await w.panel().locator(".message.user", { hasText: "nmae" }).waitFor({ timeout: PATIENCE });
    await w.file("greet.prompty");
  });

  await step("one typo, one squiggle", async () => {
    await until("one", async () => (await page.locator(SQUIGGLES).count()) === 1);
    await page.waitForTimeout(1000); // for another one, that comes later
    assert.equal(await page.locator(SQUIGGLES).count(), 1);
  });

  await step("hover says what is wrong", async () => {
    await hovers(page.locator(SQUIGGLES).first(), "nmae");
    await page.mouse.move(900, 650);
  });

  await step("a quick fix is applied", async () => {
    await page.locator(".view-line span", { hasText: /^nmae$/ }).last().click();
    await page.keyboard.press("Control+.");
    await seen(".action-widget .monaco-list-row", { text: "Change to `name`" });
    await page.waitForTimeout(200);
    await page.keyboard.press("Enter");
    await until("no squiggle", async () => (await page.locator(SQUIGGLES).count()) === 0);
  });

  await step("completion offers the inputs", async () => {
    await page.locator(".view-line", { hasText: "Hello" }).first().click();
    await page.keyboard.press("End");
    await page.keyboard.type(" {{ to", { delay: 40 });
    await seen(".suggest-widget.visible .monaco-list-row", { text: "tone" });
    await page.waitForTimeout(200);
    await page.screenshot({ path: path.join(shots, "completion.png") });
    await page.keyboard.press("Enter");
    await until("it is inserted", async () => /Hello \{\{ name \}\} \{\{ ?tone/.test(await w.text()));
  });

  await step("lenses stand above the prompt", async () => {
    await seen(".codelens-decoration a", { text: "Preview" });
    await seen(".codelens-decoration a", { text: "Run · local" });
    await seen(".codelens-decoration a", { text: "tokens" });
  });

  await step("the status bar opens the menu of all that can be done", async () => {
    await page.locator(".statusbar-item", { hasText: "local/slow" }).first().click();
    const input = page.locator(".quick-input-widget input").first();
    await input.fill("Copy as curl");
    await seen(".quick-input-list .monaco-list-row", { text: "Copy as curl" });
    await page.screenshot({ path: path.join(shots, "menu.png") });
    await page.keyboard.press("Escape");
  });

  await step("the preview shows unsaved text and follows the typing", async () => {
    await page.locator(".codelens-decoration a", { hasText: "Preview" }).first().click();
    await w.panel().locator(".message.user", { hasText: "Hello Ada" }).waitFor({ timeout: PATIENCE });
    await page.locator(".view-line", { hasText: "Be kind" }).first().click();
    await page.keyboard.press("End");
    await page.keyboard.type(" Say it in verse.", { delay: 15 });
    await w.panel().locator(".message.system", { hasText: "Say it in verse." }).waitFor({ timeout: PATIENCE });
  });

  await step("the preview follows the cursor, and leads back to the text", async () => {
    await page.locator(".view-line", { hasText: "Hello" }).first().click();
    await w.panel().locator(".message.user.here, .message.user .here").first().waitFor({ timeout: PATIENCE });
    await w.panel().locator(".message.system button.line").click();
    await until("the cursor moved", async () => /Ln [67]\b/.test(await page.locator(".statusbar").innerText()));
  });

  await step("another sample is chosen in the preview", async () => {
    await page.keyboard.press("Escape");
    await w.file("samples.prompty");
    await w.panel().locator(".message", { hasText: "Rome" }).waitFor({ timeout: PATIENCE });
    await w.panel().locator("button.sample").nth(1).click();
    await w.panel().locator(".message", { hasText: "Oslo" }).waitFor({ timeout: PATIENCE });
    const offered = page.locator(".editor-group-container.active .editor-actions .codicon-play");
    await until("one way to run it", async () => (await offered.count()) === 1);
    await w.file("greet.prompty");
    await w.panel().locator(".message.user", { hasText: "Hello Ada" }).waitFor({ timeout: PATIENCE });
  });

  await step("the preview is light where VS Code is light", async () => {
    const light = () => w.panel().locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
    const before = await light();
    await w.command("Preferences: Toggle between Light/Dark Themes");
    await until("another colour", async () => (await light()) !== before);
    await page.waitForTimeout(300);
    await page.screenshot({ path: path.join(shots, "light.png") });
    await w.command("Preferences: Toggle between Light/Dark Themes");
    await until("the first colour", async () => (await light()) === before);
  });

  await step("a run streams, and its result is a file", async () => {
    await page.locator(".codelens-decoration a", { hasText: "Run · local" }).first().click();
    await until("the first words", async () => /word 3/.test(await w.text()));
    assert.doesNotMatch(await w.text(), /word 12/);
    await page.screenshot({ path: path.join(shots, "streaming.png") });
    await until("the end", async () => /word 12/.test(await w.text()) && (await page.locator(".codelens-decoration a", { hasText: "Run again" }).count()));
    await seen(".tab", { text: ".run.md" });
  });

  await step("a run is stopped", async () => {
    await w.file("forever.prompty");
    await page.locator(".codelens-decoration a", { hasText: "Run · local" }).first().click();
    await until("the first words", async () => /word 2/.test(await w.text()));
    await page.locator(".editor-actions .codicon-debug-stop").first().click();
    await until("the end", async () => (await page.locator(".codelens-decoration a", { hasText: "Run again" }).count()) === 1);
  });

  if (process.env.PROMPTLS_DATA) {
    await step("a run streams from the small model of this machine", async () => {
      await w.file("small.prompty");
      await seen(".codelens-decoration a", { text: "Run · embedded/smollm2" });
      // It is quick, so the page itself looks at what the document of the words shows.
      await page.evaluate(() => {
        window.shown = [];
        window.looking = setInterval(() => {
          const text = document.querySelector('.monaco-editor[data-uri^="promptls-run:"][data-uri*="small-"] .view-lines')?.textContent;
          if (text && !text.includes("…") && text.length !== window.shown.at(-1)) window.shown.push(text.length);
        }, 20);
      });
      await page.locator(".codelens-decoration a", { hasText: "Run · embedded/smollm2" }).first().click();
      const results = path.join(folder, ".promptls");
      const name = await until("its result is a file", () => fs.readdirSync(results).find((each) => /^small-.*\.run\.md$/.test(each)), 60_000);
      await until("it is whole", () => /finish: length/.test(fs.readFileSync(path.join(results, name), "utf8")));
      assert.ok(fs.readFileSync(path.join(results, name), "utf8").split("\n---\n")[1].trim().length > 1000);
      await seen(`.monaco-editor[data-uri^="vscode-remote:"][data-uri*="${name}"]`);
      const lengths = await page.evaluate(() => (clearInterval(window.looking), window.shown));
      assert.ok(lengths.length > 1 && lengths[0] < lengths[1], `the words do not grow: ${lengths}`);
    });
  }

  await step("a result of the wrong shape has findings", async () => {
    await w.file("shape.prompty");
    await page.locator(".codelens-decoration a", { hasText: "Run · local" }).first().click();
    await until("the result", async () => /"city": 5/.test(await w.text()) && (await page.locator(".squiggly-error").count()) === 1);
    await w.command("Problems: Focus on Problems View");
    await seen(".markers-panel .monaco-list-row", { text: "city" });
    await page.keyboard.press("Control+J");
  });

  await step("two models are compared", async () => {
    await w.file("greet.prompty");
    await seen(".codelens-decoration a", { text: "Run · local" });
    await w.command("promptls: Compare models");
    await seen(".tab.active", { text: ".compare.md" });
    assert.equal(await page.locator(".editor-group-container").count(), 2);
    await seen(".editor-group-container:first-child .tab.active, .split-view-view:first-child .tab.active", { text: "greet.prompty" });
    await until("both", async () => /\| local\/slow \| done/.test(await w.text()) && /\| echo:local\/slow \| done/.test(await w.text()));
    await until("it is saved", async () => (await page.locator(".tab.active.dirty", { hasText: ".compare.md" }).count()) === 0);
  });

  await step("a key of the editor's store goes to its provider", async () => {
    await w.file("keyed.prompty");
    await seen(".codelens-decoration a", { text: "Run · " });
    await w.command("promptls: Keep a key in the secret store");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "keyed" }).first().click();
    await until("the box for the key", async () => (await page.locator(".quick-input-widget input[type=password]").count()) === 1);
    await page.keyboard.type("from-the-store");
    await page.keyboard.press("Enter");
    await seen(".codelens-decoration a", { text: /Run · .*keyed/ });
    await page.locator(".codelens-decoration a", { hasText: /Run · .*keyed/ }).first().click();
    await seen(".notification-toast", { text: "with the key from the editor's store" });
    await page.locator(".notification-toast .monaco-button", { hasText: /^Send$/ }).first().click();
    await until("the answer", async () => /word 12/.test(await w.text()));
    await seen(".tab.active", { text: "keyed-" });
  });

  // Kinds of files that this VS Code checks itself. It greys out a key that it does not know, the whole line of it.
  if (fs.existsSync(path.join(folder, "review.prompt.md"))) {
    const plain = JSON.parse(fs.readFileSync(path.join(data, "User", "settings.json"), "utf8"));
    const set = async (more) => {
      await w.command("Preferences: Open User Settings (JSON)");
      await seen(".tab.active", { text: "settings.json" });
      await page.locator('[data-uri$="settings.json"] .view-line').first().click();
      await page.keyboard.press("Control+A");
      await page.keyboard.insertText(JSON.stringify({ ...plain, ...more }));
      await seen(".tab.dirty", { text: "settings.json" });
      await page.keyboard.press("Control+S");
      await until("it is saved", async () => (await page.locator(".tab.dirty", { hasText: "settings.json" }).count()) === 0);
      await w.file("review.prompt.md");
    };
    const drawn = (name, classes) => page.locator(`[data-uri$="${name}"] .cdr:is(${classes})`).count();

    await step("what VS Code finds in its own prompt files is there once", async () => {
      await w.file("review.prompt.md");
      await seen(".codelens-decoration a", { text: "Preview" });
      await until("its own findings", async () => (await drawn("review.prompt.md", SQUIGGLES)) && (await drawn("review.prompt.md", ".squiggly-unnecessary")));
      await page.waitForTimeout(1500); // for ours, that there must not be
      assert.equal(await drawn("review.prompt.md", SQUIGGLES), 1);
      assert.equal(await drawn("review.prompt.md", ".squiggly-unnecessary"), 1);
      await hovers(page.locator(".view-line span", { hasText: "desription" }).last(), "Attribute 'desription' is not supported in prompt files");
      assert.equal(await page.locator(".monaco-hover", { hasText: "promptls" }).count(), 0);
    });

    await step("its own prompt files have our fixes, and all of our findings where a person wants them", async () => {
      await page.locator(".view-line span", { hasText: "desription" }).last().click();
      await page.keyboard.press("Control+.");
      await seen(".action-widget .monaco-list-row", { text: "Change to `description`" });
      await page.keyboard.press("Escape");
      await set({ "promptls.hostChecks": "all" });
      // Two findings of one place are drawn as one.
      await until("ours as well", async () => (await drawn("review.prompt.md", SQUIGGLES)) === 2, 30_000);
      await w.command("Problems: Focus on Problems View");
      await seen(".markers-panel .monaco-list-row", { text: /review\.prompt\.md\s*3/ });
      await page.screenshot({ path: path.join(shots, "host-checks-all.png") });
      await page.keyboard.press("Control+J");
      await set({});
      await until("its own alone", async () => (await drawn("review.prompt.md", SQUIGGLES)) === 1, 30_000);
    });

    await step("what VS Code does not find in its own prompt files is told", async () => {
      await w.file("broken.prompt.md");
      await until("ours", async () => (await drawn("broken.prompt.md", SQUIGGLES)) === 1);
      await hovers(page.locator(`[data-uri$="broken.prompt.md"] .cdr:is(${SQUIGGLES})`), "promptls(yaml-syntax)");
    });
  }

  await step("a server that was killed comes back", async () => {
    await w.file("greet.prompty");
    const before = servers();
    assert.equal(before.length, 1, before.join());
    process.kill(before[0], "SIGKILL");
    await until("another one", () => servers().length === 1 && servers()[0] !== before[0]);
    await page.locator(".view-line", { hasText: "Hello" }).first().click();
    await page.keyboard.press("End");
    await page.keyboard.type(" {{ nobody }}", { delay: 15 });
    await seen(SQUIGGLES, { state: "attached" });
  });

  await step("after three crashes one sentence says what to do", async () => {
    for (let crash = 0; crash < 2; crash++) {
      const [pid] = await until("a server", () => servers().length === 1 && servers());
      await page.waitForTimeout(1200);
      process.kill(pid, "SIGKILL");
      await until("it is gone", () => !servers().includes(pid));
    }
    await until("the sentence", async () => /stopped three times/.test(await w.notices()));
    assert.equal(servers().length, 0);
    await page.screenshot({ path: path.join(shots, "crashed.png") });
    await page.locator(".notification-toast .monaco-button", { hasText: "Restart the server" }).first().click();
    await until("a server", () => servers().length === 1);
  });

  await w.close();
  console.error(`${((Date.now() - started) / 1000).toFixed(1)} s`);
  process.exit(failures ? 1 : 0);
})();

/** The servers that this code-server's extension started: what it installed stands below its data. */
function servers() {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return words.includes("lsp") && words.some((word) => word.startsWith(data));
      } catch {
        return false;
      }
    })
    .map(Number);
}
