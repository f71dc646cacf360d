// node grammars.cjs BUILTIN FILES…: how VS Code colours prompt files, by the engine that it has: the scopes in small
// files, and each of FILES (one name a line on standard input) from its first line to its last. BUILTIN is the folder
// of VS Code's own extensions. One JSON line for each test.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const oniguruma = require("vscode-oniguruma");
const textmate = require("vscode-textmate");

const HERE = path.join(__dirname, "..");
const [, , builtin] = process.argv;
const HEADER = "meta.embedded.block.frontmatter";
const BODY = "meta.body.prompt";

/** For each file: `text` of a token, and the scopes that it has beside others. `[n]` is the n-th such token. */
const FILES = {
  "a Prompty file with Jinja": {
    scope: "text.prompty",
    text: `---
name: greet
inputs:
  tone: {kind: string, default: "kind"}
key: \${env:THE_KEY}
---
system:
# A title with *stress*
{# a remark {{ nobody }} #}
{% for one in items if one is defined %}
- {{ one.title | upper | default("none") }}
{% endfor %}
{% raw %}{{ not one }}{% endraw %}
assistant[name="helper"]:
\${input:topic:what it is about} and \${env:HOME}
`,
    scopes: [
      ["---", "punctuation.definition.frontmatter.begin"],
      ["name", HEADER, "entity.name.tag.yaml"],
      ["greet", HEADER, "string.unquoted.plain.out.yaml"],
      ["THE_KEY", HEADER, "variable.other.reference.prompt"],
      ["system", BODY, "keyword.control.role.prompt"],
      ["assistant", BODY, "keyword.control.role.prompt"],
      ['[name="helper"]', "meta.attributes.role.prompt"],
      ["A title with ", BODY, "markup.heading.markdown"],
      [" a remark {{ nobody }} ", "comment.block.jinja"],
      ["for", "keyword.control.jinja"],
      ["endfor", "keyword.control.jinja"],
      ["defined", "support.function.test.jinja"],
      ["one", "variable.other.jinja"],
      ["title", "variable.other.property.jinja"],
      ["upper", "support.function.filter.jinja"],
      ["default", "support.function.filter.jinja"],
      ["none", "string.quoted.double.prompt"],
      ["{{ not one }}", "string.unquoted.raw.jinja"],
      ["topic", BODY, "variable.other.reference.prompt"],
      ["what it is about", "string.unquoted.reference.prompt"],
      ["HOME", BODY, "variable.other.reference.prompt"],
    ],
  },
  "a Prompty file with Mustache": {
    scope: "text.prompty",
    text: "---\ntemplate: mustache\n---\nuser:\n{{! a remark }}\n{{#items}}\n- {{title}} {{{raw.text}}} {{& other}}\n{{/items}}\n{{^empty}}{{> footer}}{{/empty}}\n",
    scopes: [
      [" a remark ", "comment.block.mustache"],
      ["items", "entity.name.section.mustache"],
      ["^", "keyword.control.mustache"],
      ["title", "variable.other.jinja"],
      ["raw.text", "variable.other.mustache"],
      ["other", "variable.other.mustache"],
      ["footer", "entity.name.partial.mustache"],
    ],
  },
  "a Prompty file without a header": {
    scope: "text.prompty",
    text: "user:\nHello {{ name }}\n---\nname: none\n",
    scopes: [
      ["user", BODY, "keyword.control.role.prompt"],
      ["name", BODY, "variable.other.jinja"],
    ],
  },
  "a header without an end": {
    scope: "text.prompty",
    text: "---\nname: greet\n",
    scopes: [["greet", HEADER]],
  },
  "a Dotprompt file": {
    scope: "text.dotprompt",
    text: `# a remark above

---
model: googleai/gemini-2.5-flash
---
{{!-- a remark --}}
{{role "system"}}
{{#each items as |one|}}
- {{@index}} {{one.title}} {{this}}
{{else}}
{{/each}}
{{>signature}} {{media url=photo}}
Be **loud**
`,
    scopes: [
      ["# a remark above", "comment.line.number-sign.yaml"],
      ["model", HEADER, "entity.name.tag.yaml"],
      [" a remark ", "comment.block.handlebars"],
      ["role", BODY, "keyword.control.handlebars"],
      ["system", "string.quoted.double.prompt"],
      ["each", "keyword.control.block.handlebars"],
      ["|one|", "variable.parameter.handlebars"],
      ["@index", "variable.language.handlebars"],
      ["one.title", "variable.other.handlebars"],
      ["this", "constant.language.handlebars"],
      ["else", "keyword.control.handlebars"],
      ["signature", "entity.name.partial.handlebars"],
      ["media", "keyword.control.handlebars"],
      ["url", "entity.other.attribute-name.handlebars"],
      ["loud", "markup.bold.markdown"],
    ],
  },
  "Mustache alone": {
    scope: "promptls.mustache",
    text: "Dear {{name}}, {{user.first name}} {{.}}\n{{#items}}{{ title }}{{/items}}{{=<% %>=}}",
    scopes: [
      ["name", "variable.other.mustache"],
      ["user.first name", "variable.other.mustache"],
      [".", "variable.other.mustache"],
      ["title", "variable.other.mustache"],
      ["items", "entity.name.section.mustache"],
      ["{{=<% %>=}}", "keyword.other.delimiters.mustache"],
    ],
  },
  "VS Code's own prompt file": {
    scope: "text.html.markdown.prompt",
    text: "---\nmode: agent\n---\nSee ${input:topic:what it is about} in ${workspaceFolder}, ${file}\n",
    scopes: [
      ["topic", "variable.other.reference.prompt"],
      ["what it is about", "string.unquoted.reference.prompt"],
      ["workspaceFolder", "keyword.other.reference.prompt"],
    ],
  },
};

/** The grammars of an extension, by their scope; those that are injected, by the scope that they go to. */
function contributed(folder) {
  const { contributes = {} } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
  return (contributes.grammars ?? []).map((one) => ({ ...one, path: path.join(folder, one.path) }));
}

async function registry() {
  const wasm = fs.readFileSync(path.join(path.dirname(require.resolve("vscode-oniguruma")), "onig.wasm"));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const folders = fs.readdirSync(builtin).map((name) => path.join(builtin, name));
  const known = [...folders.filter((folder) => fs.existsSync(path.join(folder, "package.json"))), HERE].flatMap(contributed);
  return new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    async loadGrammar(scope) {
      const found = known.findLast((one) => one.scopeName === scope);
      return found ? textmate.parseRawGrammar(fs.readFileSync(found.path, "utf8"), found.path) : null;
    },
    getInjections: (scope) => known.filter((one) => one.injectTo?.includes(scope)).map((one) => one.scopeName),
  });
}

/** The tokens of each line: `{text, scopes}`. */
function tokens(grammar, text) {
  let stack = textmate.INITIAL;
  return text.split(/\r?\n/).map((line) => {
    const found = grammar.tokenizeLine(line, stack);
    stack = found.ruleStack;
    return found.tokens.map(({ startIndex, endIndex, scopes }) => ({ text: line.slice(startIndex, endIndex), scopes }));
  });
}

function coloured(grammar, { text, scopes }) {
  const all = tokens(grammar, text).flat();
  for (const [of, ...wanted] of scopes) {
    const found = all.filter((token) => token.text === of);
    const fits = found.some((token) => wanted.every((scope) => token.scopes.some((one) => one === scope || one.startsWith(`${scope}.`))));
    assert.ok(fits, `\`${of}\` has ${found.map((token) => token.scopes.join(" ")).join(" | ") || "no token"}, not ${wanted.join(" ")}`);
  }
}

/** The header of a file is what stands between its fences, and nothing after them. */
function headed(grammar, text) {
  const lines = text.split(/\r?\n/);
  const within = tokens(grammar, text).map((line) => line.some((token) => token.scopes.includes(HEADER)));
  const first = lines.findIndex((line) => !/^\s*(#.*)?$/.test(line));
  const fenced = /^\s*---[ \t]*$/.test(lines[first] ?? "") && lines.slice(0, first).every((line) => /^#|^$/.test(line));
  const end = fenced ? lines.findIndex((line, at) => at > first && /^---[ \t]*$/.test(line)) : -1;
  within.forEach((inside, at) => {
    const ought = fenced && at > first && (end < 0 || at < end);
    assert.ok(!inside || ought, `line ${at + 1} is coloured as header: ${lines[at]}`);
    assert.ok(inside || !ought || !lines[at].trim(), `line ${at + 1} is not coloured as header: ${lines[at]}`);
  });
}

const BY_ENDING = { ".prompty": "text.prompty", ".prompt": "text.dotprompt", ".md": "text.html.markdown.prompt" };

(async () => {
  let failures = 0;
  const grammars = await registry();
  async function test(name, look) {
    const wrong = await look().then(() => undefined, (error) => String(error.message ?? error));
    failures += wrong ? 1 : 0;
    console.log(JSON.stringify({ test: name, ok: !wrong, ...(wrong ? { error: wrong.slice(0, 800) } : {}) }));
  }
  for (const [name, file] of Object.entries(FILES)) {
    await test(name, async () => coloured(await grammars.loadGrammar(file.scope), file));
  }
  const files = fs.readFileSync(0, "utf8").split("\n").filter(Boolean);
  const wrong = [];
  for (const file of files) {
    const scope = BY_ENDING[path.extname(file)];
    const grammar = await grammars.loadGrammar(scope);
    try {
      const text = fs.readFileSync(file, "utf8").replace(/^\ufeff/, "");
      if (scope.endsWith(".md") || scope.includes("markdown")) tokens(grammar, text);
      else headed(grammar, text);
    } catch (error) {
      wrong.push(`${file}: ${error.message}`);
    }
  }
  await test("every file of the corpus", async () => assert.deepEqual(wrong, []));
  process.exit(failures ? 1 : 0);
})();
