// VS Code's workbench in a page, as a person sees and uses it.
const assert = require("node:assert/strict");
const { open } = require("./browser.cjs");

/** For whatever is waited for: the machine may have others at work. */
const PATIENCE = 45_000;

async function workbench(port, folder, options) {
  const { page, close } = await open(options);
  return { close, ...(await enter(page, port, folder)) };
}

/** A window in that page: with a folder, or with none. */
async function enter(page, port, folder) {
  const what = folder ? `folder=${encodeURIComponent(folder)}` : "ew=true";
  page.setDefaultTimeout(PATIENCE);
  await page.addInitScript(remember);
  await page.goto(`http://127.0.0.1:${port}/?${what}`, { waitUntil: "domcontentloaded", timeout: 120_000 });
  await page.waitForSelector(".monaco-workbench", { timeout: 120_000 });
  return { page, ...acts(page) };
}

/** In the page: all that was ever said in a notification, which is shown for some seconds only. */
function remember() {
  window.said = new Set();
  setInterval(() => {
    for (const each of document.querySelectorAll(".notification-toast .notification-list-item-message")) window.said.add(each.innerText);
  }, 100);
}

function acts(page) {
  const seen = (selector, options = {}) => page.locator(selector, options.text ? { hasText: options.text } : {}).first().waitFor({ state: options.state ?? "visible", timeout: options.timeout ?? PATIENCE });

  /** What cannot be looked at now, as it is just drawn anew, is looked at again. */
  async function until(what, look, patience = PATIENCE) {
    for (const end = Date.now() + patience; ; ) {
      let wrong = "";
      const found = await Promise.resolve().then(look).catch((error) => void (wrong = ` (${error.message ?? error})`));
      if (found) return found;
      if (Date.now() > end) throw new Error(`it did not happen: ${what}${wrong}`);
      await page.waitForTimeout(50);
    }
  }

  const input = page.locator(".quick-input-widget input").first();

  /** The palette with that text in it. */
  async function palette(text) {
    await until("the palette", async () => {
      await page.keyboard.press("F1");
      return input.waitFor({ timeout: 3000 }).then(() => true);
    });
    await input.fill(`>${text}`);
  }

  /** The group of editors that has the files, not the one that shows results. */
  async function leftmost() {
    const groups = page.locator(".editor-group-container");
    await groups.first().waitFor();
    const lefts = await groups.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().left));
    return groups.nth(lefts.indexOf(Math.min(...lefts)));
  }

  const editor = (name) => page.locator(`.monaco-editor[data-uri$="/${encodeURIComponent(name)}"]`);

  /** Does something again and again until it is seen to be done: a click is lost where what was clicked at is redrawn. */
  const insist = (what, act, done, patience = 2 * PATIENCE) =>
    until(what, async () => {
      if (await done()) return true;
      await act();
      for (const end = Date.now() + 5000; Date.now() < end; await page.waitForTimeout(50)) if (await done()) return true;
      return false;
    }, patience);

  return {
    seen,
    until,
    insist,
    palette,
    async command(text) {
      await palette(text);
      await seen(".quick-input-list .monaco-list-row.focused", { text });
      await page.waitForTimeout(100);
      await input.press("Enter");
    },
    async file(name) {
      const row = page.locator(`.explorer-folders-view .monaco-list-row[aria-label^="${name}"]`).first();
      const group = await leftmost();
      const tab = group.locator(".tab.active");
      let opened = false; // also where it is in front, so that it has the focus
      await insist(`${name} is in front`, async () => {
        if (await tab.count()) await tab.click(); // a panel hands on its keys late
        await row.dblclick();
        opened = true;
      }, async () => opened && (await group.locator(`.tab.active[data-resource-name="${name}"]`).count()) && (await group.locator(".editor-instance .view-line").count()));
    },
    /** A line of that file. */
    line: (name, text) => editor(name).locator(".view-line", { hasText: text }).first(),
    lens: (text) => page.locator(".codelens-decoration a", { hasText: text }).first(),
    /** Writes where the line of that file ends. */
    async write(name, text, more, delay = 15) {
      await editor(name).locator(".view-line", { hasText: text }).first().click();
      await page.keyboard.press("End");
      await page.keyboard.type(more, { delay });
    },
    /** The text of those editors, as drawn: what stands in view. */
    async text(editors = ".editor-instance") {
      return (await page.locator(`${editors} .view-lines`).allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
    },
    /** The editors that show the words of a prompt's run while they come, and its result. */
    words: (prompt) => `.monaco-editor[data-uri^="promptls-run:/${prompt}-"]`,
    result: (prompt) => `.monaco-editor[data-uri^="vscode-remote:"][data-uri*="/${prompt}-"][data-uri$=".run.md"]`,
    /** The document inside of the panel, two frames down. */
    panel: () => page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame"),
    async hover(locator) {
      const box = await locator.boundingBox();
      assert.ok(box, "it is not drawn");
      await page.mouse.move(box.x + 200, box.y + 150);
      for (let step = 0; step < 6; step++) {
        await page.mouse.move(box.x + 6 + step * 3, box.y + box.height / 2);
        await page.waitForTimeout(50);
      }
    },
    notices: () => page.evaluate(() => [...window.said].join("\n")),
  };
}

module.exports = { workbench, enter, PATIENCE };
