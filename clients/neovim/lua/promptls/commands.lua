-- The commands: each asks the server for what its name says, and says what the server says when that cannot be.
local say = require('promptls').say

local M = {}

local NOT_AT_WORK = 'no server is at work in this buffer: open a prompt file, or look at `:checkhealth promptls`.'

---The client, the buffer of the prompt or result, and what commands take of it; says so where there is none.
local function here()
  local bufnr = vim.b.promptls_source or vim.api.nvim_get_current_buf()
  local client = vim.api.nvim_buf_is_valid(bufnr) and require('promptls.server').client(bufnr)
  if not client then
    if require('promptls.server').is_there(true) then
      say(NOT_AT_WORK, vim.log.levels.WARN)
    end
    return nil
  end
  local window = vim.fn.bufwinid(bufnr)
  local line = window > 0 and vim.api.nvim_win_get_cursor(window)[1] - 1 or 0
  return { client = client, bufnr = bufnr, about = { uri = vim.uri_from_bufnr(bufnr), line = line } }
end

local function execute(place, command, more, answer)
  local argument = vim.tbl_extend('force', place.about, more or {})
  local params = { command = 'promptls.' .. command, arguments = { argument } }
  place.client:request('workspace/executeCommand', params, function(problem, result)
    if problem then
      say(problem.message, vim.log.levels.WARN)
    elseif answer then
      answer(result or {})
    end
  end, place.bufnr)
end

function M.preview(given)
  local place = here()
  if not place then
    return
  end
  local preview = require('promptls.preview')
  if given.bang then
    preview.close(place.bufnr)
  else
    preview.open(place.bufnr, place.about)
  end
end

function M.run(given)
  local place = here()
  if place and given.args ~= '' then
    execute(place, 'runWith', { target = given.args })
  elseif place then
    execute(place, 'run')
  end
end

function M.stop()
  local place = here()
  if place then
    execute(place, 'cancel', nil, function(result)
      if #(result.cancelled or {}) == 0 then
        say('nothing of this prompt is running.')
      end
    end)
  end
end

function M.compare(given)
  local place = here()
  if place then
    execute(place, 'compare', { targets = #given.fargs > 0 and given.fargs or nil })
  end
end

local function choose_sample(place, number)
  execute(place, 'selectSample', { sample = number })
end

---With a number: that sample. Without: ask which, where there are more than one.
function M.sample(given)
  local place = here()
  if not place then
    return
  end
  if given.args ~= '' then
    return choose_sample(place, tonumber(given.args))
  end
  local params = { textDocument = { uri = place.about.uri }, line = place.about.line, format = 'markdown' }
  place.client:request('promptls/preview', params, function(problem, preview)
    local titles = preview and preview.samples or {}
    if problem or #titles < 2 then
      return choose_sample(place, not problem and #titles == 1 and 1 or nil)
    end
    vim.ui.select(titles, { prompt = 'Sample', kind = 'promptls' }, function(_, number)
      if number then
        choose_sample(place, number)
      end
    end)
  end, place.bufnr)
end

function M.restart()
  require('promptls.server').restart()
end

---The targets that the server offers here, for completion on the command line.
---@return string[]
function M.targets(lead)
  local client = require('promptls.server').client()
  if not client then
    return {}
  end
  local params = vim.lsp.util.make_range_params(0, client.offset_encoding)
  params.context = { diagnostics = {}, triggerKind = 1, only = { 'source.promptls' } }
  local answer = client:request_sync('textDocument/codeAction', params, 2000, 0)
  local found = {}
  for _, action in ipairs(answer and answer.result or {}) do
    local target = vim.tbl_get(action, 'command', 'arguments', 1, 'target')
    if target and vim.startswith(target, lead) and not vim.list_contains(found, target) then
      found[#found + 1] = target
    end
  end
  return found
end

return M
