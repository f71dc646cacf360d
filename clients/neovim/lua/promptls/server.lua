-- The server: which files it is started for, what it is told of this client, and what happens when it ends.
local say = require('promptls').say

local M = {}

local MOST = 3
local CALM = 180000
local NOT_THERE = "%s cannot be started: install promptls as :help promptls-install says, or say where it is with vim.lsp.config('promptls', { cmd = { '/path/to/promptls', 'lsp' } })."
local NO_PYTHON = '%s cannot be started: its Python, %s, is not there; install promptls anew as :help promptls-install says.'
local ENDED = 'the server ended %d times and is left alone now; `:PromptRestart` starts it again, `:checkhealth promptls` says where its log is.'
local SKEW = 'the server is version %s and this plugin is for %s; update the older one, or some commands may not work.'

---Milliseconds before the first new start; each further one waits twice as long.
M.pause = 1000

local ends = 0
local began = 0

---`cmd` without its last word `lsp`, and with others: nil where that is no list of words.
---@return string[]?
function M.program(...)
  local cmd = vim.lsp.config.promptls.cmd
  if type(cmd) ~= 'table' or M.lacks() then
    return nil
  end
  local words = vim.list_slice(cmd, 1)
  for at = #words, 2, -1 do
    if words[at] == 'lsp' then
      words = vim.list_slice(words, 1, at - 1)
      break
    end
  end
  return vim.list_extend(words, { ... })
end

---Why `cmd` cannot be started, in a sentence; nil where nothing speaks against it.
---@return string?
function M.lacks()
  local cmd = vim.lsp.config.promptls.cmd
  if type(cmd) ~= 'table' then
    return nil
  end
  local path = vim.fn.exepath(cmd[1])
  if path == '' then
    return NOT_THERE:format(cmd[1])
  end
  local file = io.open(path, 'rb')
  local python = file and (file:read(256) or ''):match('^#!%s*(/%S+)')
  if file then
    file:close()
  end
  return python and vim.fn.executable(python) == 0 and NO_PYTHON:format(path, python) or nil
end

---Whether there is something to start; says what to do where there is not: once, or to who asks for something.
---@param asked? boolean
function M.is_there(asked)
  local lacks = M.lacks()
  if lacks then
    say(lacks, vim.log.levels.WARN, not asked)
  end
  return not lacks
end

local function root_dir(bufnr, on_dir)
  local path = vim.api.nvim_buf_get_name(bufnr)
  local names = require('promptls.names')
  if not names.is_file(path) then
    return
  end
  local function start()
    if ends <= MOST and vim.api.nvim_buf_is_loaded(bufnr) and M.is_there() then
      on_dir(names.root(path))
    end
  end
  if names.known(path) then
    start()
  else
    names.ask(path, start)
  end
end

local function on_init(client, answer)
  began = vim.uv.now()
  local theirs = vim.tbl_get(answer, 'serverInfo', 'version') or 'unknown'
  local ours = require('promptls').version
  if theirs:match('^%d+%.%d+') ~= ours:match('^%d+%.%d+') then
    say(SKEW:format(theirs, ours), vim.log.levels.WARN, true)
  end
end

---Start it for the same buffers again, three times at most; then say so.
local function on_exit(code, signal, id)
  local client = vim.lsp.get_client_by_id(id)
  require('promptls.status').forget(id)
  -- 15: somebody stopped it by force, `client:stop(true)` among them.
  local wanted = (code == 0 and signal == 0) or signal == 15 or code == 143
  if wanted or not client or vim.v.exiting ~= vim.NIL then
    return
  end
  ends = (began > 0 and vim.uv.now() - began > CALM) and 1 or ends + 1
  began = 0
  if ends > MOST then
    vim.schedule(function()
      say(ENDED:format(ends), vim.log.levels.ERROR)
    end)
    return
  end
  local config, buffers = client.config, vim.tbl_keys(client.attached_buffers)
  vim.defer_fn(function()
    M.start(config, buffers)
  end, M.pause * 2 ^ (ends - 1))
end

---@param config vim.lsp.ClientConfig
---@param buffers integer[]
function M.start(config, buffers)
  for _, bufnr in ipairs(buffers) do
    local free = vim.api.nvim_buf_is_loaded(bufnr) and not M.client(bufnr)
    if free and vim.lsp.is_enabled('promptls') then
      vim.lsp.start(config, { bufnr = bufnr })
    end
  end
end

---@param bufnr? integer
---@return vim.lsp.Client?
function M.client(bufnr)
  return vim.lsp.get_clients({ name = 'promptls', bufnr = bufnr or 0 })[1]
end

---Stop all servers and begin anew, as if none had ever ended.
function M.restart()
  ends = 0
  local clients = vim.lsp.get_clients({ name = 'promptls' })
  local begun = {}
  for _, client in ipairs(clients) do
    begun[#begun + 1] = { client.config, vim.tbl_keys(client.attached_buffers) }
    client:stop()
  end
  vim.wait(3000, function()
    return #vim.lsp.get_clients({ name = 'promptls' }) == 0
  end, 20)
  for _, client in ipairs(vim.lsp.get_clients({ name = 'promptls' })) do
    client:stop(true)
  end
  for _, one in ipairs(begun) do
    M.start(one[1], one[2])
  end
  if #begun == 0 and M.is_there(true) then
    vim.lsp.enable('promptls')
  end
end

---A page of the server's is shown beside the prompt, in the same window each time.
local function show_document(_, params, context)
  if params.external then
    return vim.lsp.handlers['window/showDocument'](_, params, context)
  end
  local line = vim.tbl_get(params, 'selection', 'start', 'line')
  require('promptls.window').show(vim.uri_to_bufnr(params.uri), params.takeFocus, line)
  return { success = true }
end

---@type vim.lsp.Config
M.config = {
  cmd = { 'promptls', 'lsp' },
  root_dir = root_dir,
  capabilities = {
    workspace = { codeLens = { refreshSupport = true } },
    -- Runs are shown by the server itself, as pages that grow; Neovim keeps no keys.
    experimental = { promptls = { preview = true, runEvents = false, secrets = false, host = 'neovim' } },
  },
  -- This client's alone: a lens or a code action `Preview` opens the split that follows typing.
  commands = {
    ['promptls.preview'] = function(command, context)
      require('promptls.preview').open(context.bufnr, command.arguments and command.arguments[1])
    end,
  },
  handlers = {
    ['promptls/previewChanged'] = function(_, preview)
      require('promptls.preview').changed(preview)
    end,
    ['window/showDocument'] = show_document,
    ['workspace/applyEdit'] = function(...)
      return require('promptls.window').edit(...)
    end,
    -- Neovim 0.12 has its own.
    ['workspace/codeLens/refresh'] = not vim.lsp.codelens.enable and function(_, _, context)
      return require('promptls.lens').changed(context.client_id)
    end or nil,
  },
  on_init = on_init,
  on_exit = on_exit,
}

return M
