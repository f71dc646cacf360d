-- The names of prompt files, as `make clients` writes them from the server's own list; nothing is decided here.
return {
  -- promptls: patterns
  { id = 'prompty', builtin = false, patterns = { '*.prompty' } },
  { id = 'dotprompt', builtin = false, patterns = { '*.prompt' } },
  { id = 'prompt', builtin = true, patterns = { '*.prompt.md' } },
  { id = 'instructions', builtin = true, patterns = { '*.instructions.md', 'copilot-instructions.md' } },
  { id = 'chatagent', builtin = true, patterns = { '*.agent.md', '*.chatmode.md', '.github/agents/*.md' } },
  { id = 'jinja', builtin = true, patterns = { '*.j2', '*.jinja', '*.jinja2' } },
  { id = 'nunjucks', builtin = true, patterns = { '*.njk', '*.nunjucks' } },
  { id = 'mustache', builtin = true, patterns = { '*.mustache' } },
  { id = 'handlebars', builtin = true, patterns = { '*.hbs' } },
  { id = 'yaml', builtin = true, patterns = { 'promptls.yaml' } },
  { id = 'markdown', builtin = true, patterns = { '*.run.md' } },
  -- promptls: end
}
