-- `:checkhealth promptls`: what is here, what is missing, what to do.
local M = {}

local function server()
  local health, cmd = vim.health, vim.lsp.config.promptls.cmd
  if type(cmd) ~= 'table' then
    health.info('the server is started by a function of your own')
    return
  end
  local lacks = require('promptls.server').lacks()
  if lacks then
    health.error(lacks)
    return
  end
  local program = assert(require('promptls.server').program('--version'))
  local started, said = pcall(function()
    return vim.system(program, { text = true, timeout = 20000 }):wait()
  end)
  if not started or said.code ~= 0 then
    local why = started and vim.trim(said.stderr or '') or tostring(said)
    health.error(('`%s` ends with an error'):format(table.concat(program, ' ')), { why })
    return
  end
  local version, ours = vim.trim(said.stdout), require('promptls').version
  health.ok(('%s (%s)'):format(version, vim.fn.exepath(cmd[1])))
  if (version:match('%d+%.%d+') or '') ~= ours:match('^%d+%.%d+') then
    health.warn('this plugin is for promptls ' .. ours, 'update the older one of the two')
  end
end

local function clients()
  local health, found = vim.health, vim.lsp.get_clients({ name = 'promptls' })
  if not vim.lsp.is_enabled('promptls') then
    health.warn('the server is not enabled', "call vim.lsp.enable('promptls')")
  elseif #found == 0 then
    health.info('no server is running: one is started when a prompt file is opened')
  end
  for _, client in ipairs(found) do
    local buffers = vim.tbl_count(client.attached_buffers)
    local root = client.root_dir or 'no folder'
    health.ok(('at work in %s, for %d buffer%s'):format(root, buffers, buffers == 1 and '' or 's'))
  end
  health.info('the log of all servers: ' .. vim.lsp.get_log_path())
end

function M.check()
  if vim.fn.has('nvim-0.11') == 0 then
    local report = vim.health and (vim.health.error or vim.health.report_error) or require('health').report_error
    report('Neovim 0.11 or newer is needed')
    return
  end
  vim.health.start('promptls')
  local version = vim.version()
  vim.health.ok(('Neovim %d.%d.%d'):format(version.major, version.minor, version.patch))
  server()
  clients()
  local patterns = {}
  for _, language in ipairs(require('promptls.patterns')) do
    vim.list_extend(patterns, language.patterns)
  end
  vim.health.info('read by name: ' .. table.concat(patterns, ' ') .. '; others by `formats:` in promptls.yaml')
end

return M
