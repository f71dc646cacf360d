// VS Code's workbench in a page, as a person sees and uses it.
const path = require("node:path");
const { open } = require("./browser.cjs");

const PATIENCE = 15_000;

async function workbench(port, folder, options) {
  const { page, close } = await open(options);
  return { close, ...(await enter(page, port, folder)) };
}

/** A window in that page: with a folder, or with none. */
async function enter(page, port, folder) {
  const what = folder ? `folder=${encodeURIComponent(folder)}` : "ew=true";
  await page.goto(`http://127.0.0.1:${port}/?${what}`, { waitUntil: "domcontentloaded" });
  page.setDefaultTimeout(PATIENCE);
  await page.waitForSelector(".monaco-workbench", { timeout: 60_000 });
  return { page, ...acts(page) };
}

function acts(page) {
  const seen = (selector, options = {}) => page.locator(selector, options.text ? { hasText: options.text } : {}).first().waitFor({ state: options.state ?? "visible", timeout: options.timeout ?? PATIENCE });

  async function until(what, look, patience = PATIENCE) {
    for (const end = Date.now() + patience; ; ) {
      const found = await look();
      if (found) return found;
      if (Date.now() > end) throw new Error(`it did not happen: ${what}`);
      await page.waitForTimeout(100);
    }
  }

  async function palette(text) {
    const input = page.locator(".quick-input-widget input").first();
    await until("the palette", async () => {
      await page.keyboard.press("F1");
      return input.waitFor({ timeout: 2000 }).then(() => true, () => false);
    });
    await input.fill(`>${text}`);
    await seen(".quick-input-list .monaco-list-row.focused", { text });
    await page.waitForTimeout(150);
    await page.keyboard.press("Enter");
  }

  return {
    seen,
    until,
    command: palette,
    async file(name) {
      await page.keyboard.press("Control+1"); // the first group of editors, not the one that shows results
      await page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).first().dblclick();
      await seen(".tab.active", { text: path.basename(name) });
      await seen(".editor-instance .view-line");
    },
    /** The text of all editors, as drawn: what stands in view. */
    async text() {
      return (await page.locator(".editor-instance .view-lines").allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
    },
    /** The document inside of the panel, two frames down. */
    panel: () => page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame"),
    async hover(locator) {
      const box = await locator.boundingBox();
      await page.mouse.move(box.x + 200, box.y + 150);
      for (let step = 0; step < 6; step++) {
        await page.mouse.move(box.x + 6 + step * 3, box.y + box.height / 2);
        await page.waitForTimeout(50);
      }
    },
    notices: async () => (await page.locator(".notification-toast .notification-list-item-message").allInnerTexts()).join("\n"),
  };
}

module.exports = { workbench, enter, PATIENCE };
