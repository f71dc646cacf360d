// Runs inside of a real extension host: the module that VS Code is told of as `extensionTestsPath`.
const path = require("node:path");
const M = require("mocha");

const Mocha = M.default ?? M.Mocha ?? M;

class Lines {
  constructor(runner) {
    runner.on("pass", (test) => console.log(JSON.stringify({ test: test.title, ok: true })));
    runner.on("fail", (test, error) => console.log(JSON.stringify({ test: test.title, ok: false, error: String(error.stack).slice(0, 1500) })));
  }
}

exports.run = () =>
  new Promise((resolve, reject) => {
    const mocha = new Mocha({ ui: "tdd", timeout: 30_000, reporter: Lines });
    mocha.addFile(path.join(__dirname, "suite.cjs"));
    mocha.run((failures) => (failures ? reject(new Error(`${failures} tests failed`)) : resolve()));
  });
