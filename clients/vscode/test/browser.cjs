// A headless Chromium with one page, in a profile of its own that goes with it.
const { chromium } = require("playwright-core");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const PROGRAM = process.env.PROMPTLS_CHROMIUM || "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

async function open(options = {}) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "promptls-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: PROGRAM,
    headless: true,
    timeout: 120_000,
    viewport: { width: 1280, height: 760 },
    args: FLAGS,
    ...options,
  });
  const close = async () => {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  return { page: context.pages()[0] ?? (await context.newPage()), close };
}

module.exports = { open };
