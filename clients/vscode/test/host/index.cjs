// Runs inside of a real extension host: the module that VS Code is told of as `extensionTestsPath`.
const path = require("node:path");
const Mocha = require("mocha");

class Lines {
  constructor(runner) {
    runner.on("pass", (test) => console.log(JSON.stringify({ test: test.title, ok: true })));
    runner.on("fail", (test, error) => console.log(JSON.stringify({ test: test.title, ok: false, error: String(error.stack).slice(0, 1500) })));
  }
}

async function running(suite) {
  const mocha = new Mocha({ ui: "tdd", timeout: 150_000, reporter: Lines });
  mocha.addFile(path.join(__dirname, suite));
  const failures = await new Promise((resolve) => mocha.run(resolve));
  if (failures) throw new Error(`${failures} tests failed`);
}

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** What is looked for may take its time: the machine may have others at work. */
async function until(what, look, patience = 60_000) {
  for (const end = Date.now() + patience; ; ) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`it did not happen: ${what}`);
    await pause(50);
  }
}

Object.assign(exports, { pause, until, running });
exports.run = () => running("suite.cjs");
