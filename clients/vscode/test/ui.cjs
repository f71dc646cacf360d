// node ui.cjs PORT FOLDER DATA SHOTS: what a person does in VS Code, done in Chromium. One JSON line for each step;
// a step that fails leaves a picture, and the next ones are tried all the same.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { workbench } = require("./workbench.cjs");

const [, , port, folder, data, shots] = process.argv;
const FIRST = 200_000; // a first start installs the server
fs.mkdirSync(shots, { recursive: true });
const SQUIGGLES = ".squiggly-error, .squiggly-warning, .squiggly-info, .squiggly-hint";
let failures = 0;

(async () => {
  const started = Date.now();
  const w = await workbench(port, folder);
  const { page, seen, until, insist, lens } = w;
  page.on("pageerror", (error) => console.error("page:", error.message.slice(0, 300)));

  async function step(name, act) {
    const begun = Date.now();
    const wrong = await act().then(() => undefined, (error) => String(error.message ?? error));
    const picture = path.join(shots, `${name.replace(/\W+/g, "-")}.png`);
    if (wrong) await page.screenshot({ path: picture }).catch(() => undefined);
    failures += wrong ? 1 : 0;
    console.log(JSON.stringify({ test: name, ok: !wrong, seconds: (Date.now() - begun) / 1000, ...(wrong ? { error: wrong.slice(0, 600), picture } : {}) }));
  }

  const squiggles = () => page.locator(SQUIGGLES).count();
  const message = (kind, text) => w.panel().locator(`.message.${kind}`, { hasText: text });
  /** The preview by its lens: it is there, and says that. */
  const previews = (text) => insist(`a preview that says ${text}`, () => lens("Preview").click(), () => message("user", text).count());
  /** Once more where a lens that came meanwhile has moved the lines. */
  const hovers = (place, text) => insist(`a hover that says ${text}`, () => w.hover(place), () => page.locator(".monaco-hover", { hasText: text }).count());
  /** The first of the fixes for what is there; the menu goes where the editor is at work for something else. */
  const fixes = (place, text, done) =>
    insist(`${text} is offered, and taken`, async () => {
      await page.keyboard.press("Escape");
      await place.click();
      await page.keyboard.press("Control+.");
      await seen(".action-widget .monaco-list-row", { text, timeout: 5000 });
      await done.act();
    }, done.look);
  /** From now on the page keeps how long the words of a run are, each time that it draws them. */
  const watches = (name) => page.evaluate((of) => {
    clearInterval(window.looking);
    window.shown = [];
    window.looking = setInterval(() => {
      const text = document.querySelector(`.monaco-editor[data-uri^="promptls-run:/${of}"] .view-lines`)?.textContent;
      if (text && !text.includes("…") && text.length !== window.shown.at(-1)) window.shown.push(text.length);
    }, 20);
  }, name);

  await step("not trusted: checked, but neither previewed nor run", async () => {
    await seen(".statusbar-item", { text: "Restricted Mode" });
    await w.file("greet.prompty");
    await seen(SQUIGGLES, { state: "attached", timeout: FIRST });
    await insist("a notice", () => lens("Preview").click(), async () => /not trusted/.test(await w.notices()));
    assert.equal(await page.locator("iframe.webview").count(), 0);
    await w.command("Notifications: Clear All Notifications");
  });

  await step("trust is given, and the same window previews", async () => {
    await w.command("Workspaces: Manage Workspace Trust");
    const restricted = page.locator(".statusbar-item", { hasText: "Restricted Mode" });
    await insist("it is trusted", () => page.locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ }).first().click(), async () => (await restricted.count()) === 0);
    await w.file("greet.prompty");
    await previews("nmae");
    await w.file("greet.prompty");
  });

  await step("one typo, one squiggle", async () => {
    await until("one", async () => (await squiggles()) === 1);
    await page.waitForTimeout(1000); // for another one, that comes later
    assert.equal(await squiggles(), 1);
  });

  await step("hover says what is wrong", async () => {
    await hovers(page.locator(SQUIGGLES).first(), "nmae");
    // What it covers, a click would be sought at by scrolling.
    await insist("it goes", () => page.mouse.move(900, 650), async () => (await page.locator(".monaco-hover:visible").count()) === 0);
  });

  await step("a quick fix is applied", async () => {
    const act = () => page.waitForTimeout(200).then(() => page.keyboard.press("Enter")); // it takes none at once
    await fixes(page.locator(".view-line span", { hasText: /^nmae$/ }).last(), "Change to `name`", { act, look: async () => (await squiggles()) === 0 });
  });

  await step("completion offers the inputs", async () => {
    await w.write("greet.prompty", "Hello", " {{ to", 40);
    await seen(".suggest-widget.visible .monaco-list-row.focused", { text: "tone" });
    await page.waitForTimeout(200); // it takes none at once
    await page.keyboard.press("Enter");
    await until("it is inserted", async () => /Hello \{\{ name \}\} \{\{ ?tone/.test(await w.text()));
  });

  await step("lenses stand above the prompt", async () => {
    await page.keyboard.press("Control+Home");
    await seen(".codelens-decoration a", { text: "Preview" });
    await seen(".codelens-decoration a", { text: "Run · local" });
    await seen(".codelens-decoration a", { text: "tokens" });
  });

  await step("the status bar opens the menu of all that can be done", async () => {
    const input = page.locator(".quick-input-widget input").first();
    await insist("the menu", () => page.locator(".statusbar-item", { hasText: "local/slow" }).first().click(), () => input.isVisible());
    await input.fill("Copy as curl");
    await seen(".quick-input-list .monaco-list-row", { text: "Copy as curl" });
    await insist("the menu goes", () => page.keyboard.press("Escape"), async () => !(await input.isVisible()));
  });

  await step("the preview shows unsaved text and follows the typing", async () => {
    await previews("Hello Ada");
    await w.write("greet.prompty", "Be kind", " Say it in verse.");
    await message("system", "Say it in verse.").waitFor();
  });

  await step("the preview follows the cursor, and leads back to the text", async () => {
    await w.line("greet.prompty", "Hello").click();
    await w.panel().locator(".message.user.here, .message.user .here").first().waitFor();
    await insist("the cursor moved", () => w.panel().locator(".message.system button.line").click(), async () => /Ln [67]\b/.test(await page.locator(".statusbar").innerText()));
  });

  await step("another sample is chosen in the preview", async () => {
    await w.file("samples.prompty");
    await message("user", "Rome").waitFor();
    await insist("the second sample", () => w.panel().locator("button.sample").nth(1).click(), () => message("user", "Oslo").count());
    const offered = page.locator(".editor-group-container.active .editor-actions .codicon-play");
    await until("one way to run it", async () => (await offered.count()) === 1);
    await w.file("greet.prompty");
    await message("user", "Hello Ada").waitFor();
  });

  await step("the preview is light where VS Code is light", async () => {
    const light = () => w.panel().locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
    const before = await light();
    await w.command("Preferences: Toggle between Light/Dark Themes");
    await until("another colour", async () => (await light()) !== before);
    await w.command("Preferences: Toggle between Light/Dark Themes");
    await until("the first colour", async () => (await light()) === before);
  });

  await step("a run streams, and its result is a file", async () => {
    await lens("Run · local").click();
    await until("the first words", async () => /word 3/.test(await w.text(w.words("greet"))));
    assert.doesNotMatch(await w.text(w.words("greet")), /word 12/); // The model waits until this was seen.
    fs.writeFileSync(process.env.PROMPTLS_TEST_SEEN, "");
    await page.locator(`${w.result("greet")} .view-line`, { hasText: "word 12" }).first().click();
    await page.keyboard.press("Control+Home"); // the answer is in sight, the lenses stand above the header
    await seen(`${w.result("greet")} .codelens-decoration a`, { text: "Run again" });
  });

  await step("a run is stopped", async () => {
    await w.file("forever.prompty");
    await lens("Run · local").click();
    await until("the first words", async () => /word 2/.test(await w.text(w.words("forever"))));
    await insist("the end", () => page.locator(".editor-actions .codicon-debug-stop").first().click(), () => page.locator(w.result("forever")).count());
    const [name] = fs.readdirSync(path.join(folder, ".promptls")).filter((each) => /^forever-.*\.run\.md$/.test(each));
    assert.match(fs.readFileSync(path.join(folder, ".promptls", name), "utf8"), /^ *status: cancelled$/m);
  });

  if (process.env.PROMPTLS_DATA) {
    await step("a run streams from the small model of this machine", async () => {
      await w.file("small.prompty");
      await watches("small-"); // It is quick, so the page itself looks.
      await lens("Run · embedded/smollm2").click();
      const results = path.join(folder, ".promptls");
      const name = await until("its result is a file", () => fs.readdirSync(results).find((each) => /^small-.*\.run\.md$/.test(each)), 120_000);
      await until("it is whole", () => /finish: length/.test(fs.readFileSync(path.join(results, name), "utf8")), 120_000);
      assert.ok(fs.readFileSync(path.join(results, name), "utf8").split("\n---\n")[1].trim().length > 1000);
      await seen(w.result("small"));
      const lengths = await page.evaluate(() => (clearInterval(window.looking), window.shown));
      assert.ok(lengths.length > 1 && lengths[0] < lengths[1], `the words do not grow: ${lengths}`);
    });
  }

  await step("a result of the wrong shape has findings", async () => {
    await w.file("shape.prompty");
    await lens("Run · local").click();
    await until("the result", async () => /"city": 5/.test(await w.text(w.result("shape"))) && (await page.locator(".squiggly-error").count()) === 1);
    await w.command("Problems: Focus on Problems View");
    await seen(".markers-panel .monaco-list-row", { text: "city" });
    await page.keyboard.press("Control+J");
  });

  await step("two models are compared", async () => {
    await w.file("greet.prompty");
    await seen(".codelens-decoration a", { text: "Run · local" });
    await w.command("promptls: Compare models");
    await seen(".tab.active", { text: ".compare.md" });
    await until("two groups", async () => (await page.locator(".editor-group-container").count()) === 2);
    await seen(".editor-group-container:first-child .tab.active, .split-view-view:first-child .tab.active", { text: "greet.prompty" });
    await until("both", async () => /\| local\/slow \| done/.test(await w.text()) && /\| echo:local\/slow \| done/.test(await w.text()));
    await until("it is saved", async () => (await page.locator(".tab.active.dirty", { hasText: ".compare.md" }).count()) === 0);
  });

  await step("a key of the editor's store goes to its provider", async () => {
    await w.file("keyed.prompty");
    await seen(".codelens-decoration a", { text: "Run · " });
    await w.command("promptls: Keep a key in the secret store");
    const box = page.locator(".quick-input-widget input[type=password]");
    await insist("the box for the key", () => page.locator(".quick-input-list .monaco-list-row", { hasText: "keyed" }).first().click(), () => box.isVisible());
    await box.fill("from-the-store");
    await box.press("Enter");
    await lens(/Run · .*keyed/).click();
    await seen(".notification-toast", { text: "with the key from the editor's store" });
    await page.locator(".notification-toast .monaco-button", { hasText: /^Send$/ }).first().click();
    await until("the answer", async () => /word 12/.test(await w.text(w.result("keyed"))));
  });

  // Kinds of files that this VS Code checks itself. It greys out a key that it does not know, the whole line of it.
  if (fs.existsSync(path.join(folder, "review.prompt.md"))) {
    const settings = path.join(data, "User", "settings.json");
    const plain = JSON.parse(fs.readFileSync(settings, "utf8"));
    /** As a person does it: VS Code does not always hear of a change of the file by another. */
    const set = async (more) => {
      const text = JSON.stringify({ ...plain, ...more });
      await w.command("Preferences: Open User Settings (JSON)");
      await insist("the settings are other ones, and saved", async () => {
        await page.locator('[data-uri$="settings.json"] .view-line').first().click();
        await page.keyboard.press("Control+A");
        await page.keyboard.insertText(text);
        await page.keyboard.press("Control+S");
      }, () => fs.readFileSync(settings, "utf8").startsWith(text)); // it closes brackets behind, which VS Code reads over
      await w.file("review.prompt.md");
    };
    const problems = async (count) => {
      await w.command("Problems: Focus on Problems View");
      await seen(".markers-panel .monaco-list-row", { text: new RegExp(`review\\.prompt\\.md\\s*${count}`) });
      await page.keyboard.press("Control+J");
    };
    const drawn = (name, classes) => page.locator(`[data-uri$="${name}"] .cdr:is(${classes})`).count();

    await step("what VS Code finds in its own prompt files is there once", async () => {
      await w.file("review.prompt.md");
      await seen(".codelens-decoration a", { text: "Preview" });
      // The slip, which it only greys out, is underlined by us; the link by it alone, though two would be drawn as one.
      await until("the slip and the link", async () => (await drawn("review.prompt.md", SQUIGGLES)) === 2 && (await drawn("review.prompt.md", ".squiggly-unnecessary")) === 1);
      await page.waitForTimeout(1500); // for another one, that there must not be
      await problems(2);
      await hovers(page.locator(".view-line span", { hasText: "desription" }).last(), "promptls(unknown-key)");
    });

    await step("its own prompt files have our fixes, and all of our findings where a person wants them", async () => {
      let offered = false;
      await fixes(page.locator(".view-line span", { hasText: "desription" }).last(), "Change to `description`", { act: () => (offered = true), look: () => offered });
      await page.keyboard.press("Escape");
      await set({ "promptls.hostChecks": "all" });
      await problems(3);
      await set({});
      await problems(2);
    });

    await step("what VS Code does not find in its own prompt files is told", async () => {
      await w.file("broken.prompt.md");
      await until("ours", async () => (await drawn("broken.prompt.md", SQUIGGLES)) === 1);
      await hovers(page.locator(`[data-uri$="broken.prompt.md"] .cdr:is(${SQUIGGLES})`), "promptls(yaml-syntax)");
    });
  }

  async function kill() {
    const pid = await until("one server", () => servers().length === 1 && servers()[0]);
    process.kill(pid, "SIGKILL");
    await until("it is gone", () => !servers().includes(pid));
  }

  await step("a server that was killed comes back", async () => {
    await w.file("greet.prompty");
    for (const [crash, name] of ["nobody", "no_one"].entries()) {
      await kill();
      await w.write("greet.prompty", "Hello", ` {{ ${name} }}`);
      await until("the next one finds what was written meanwhile", async () => (await squiggles()) === crash + 1);
    }
  });

  await step("after three crashes one sentence says what to do", async () => {
    await kill();
    await until("the sentence", async () => /stopped three times/.test(await w.notices()));
    assert.equal(servers().length, 0);
    await insist("a server", () => page.locator(".notification-toast .monaco-button", { hasText: "Restart the server" }).first().click(), () => servers().length === 1);
    await until("its findings", async () => (await squiggles()) === 2);
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
