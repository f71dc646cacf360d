// node screenshot.cjs PORT FOLDER PICTURE: the picture for the README: a prompt with one mistake, and its preview.
const { workbench } = require("./workbench.cjs");

const [, , port, folder, picture] = process.argv;

(async () => {
  const w = await workbench(port, folder, { viewport: { width: 1360, height: 744 } });
  await w.file("support.prompty");
  await w.seen(".squiggly-warning", { state: "attached", timeout: 90_000 });
  await w.page.locator(".codelens-decoration a", { hasText: "Preview" }).first().click();
  await w.panel().locator(".message.user").waitFor();
  await w.page.keyboard.press("Control+B");
  await w.page.locator(".view-line", { hasText: "The question" }).first().click();
  await w.page.waitForTimeout(800);
  await w.page.screenshot({ path: picture });
  await w.close();
})();
