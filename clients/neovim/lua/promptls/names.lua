-- Whether a file is a prompt file. Names that always are stand in patterns.lua; what `formats:` in a promptls.yaml
-- adds is the server's to say (`promptls formats`), and is asked for only where such a file speaks of formats.
local M = {}

local SETTINGS = 'promptls.yaml'
local asked = {} ---@type table<string, string|false>

---@param path string
---@return boolean
function M.known(path)
  local whole = vim.fs.normalize(path):lower()
  local name = vim.fs.basename(whole)
  for _, language in ipairs(require('promptls.patterns')) do
    for _, pattern in ipairs(language.patterns) do
      local placed = pattern:find('/', 1, true) -- it says in which folder
      if vim.glob.to_lpeg(placed and '**/' .. pattern or pattern):match(placed and whole or name) then
        return true
      end
    end
  end
  return false
end

---A file of this machine, which a server can read; not what other plugins show under a scheme of their own.
---@param path string
function M.is_file(path)
  return path ~= '' and not path:match('^%a[%w+.-]+://')
end

---What a file that has no name of ours is read as. `answer` is called later, and only where it is read at all.
---@param path string
---@param answer fun(format: string)
function M.ask(path, answer)
  local settings = vim.fs.find(SETTINGS, { upward = true, path = vim.fs.dirname(path), type = 'file' })[1]
  local stat = settings and vim.uv.fs_stat(settings)
  local program = stat and require('promptls.server').program('formats', '--format', 'json', path)
  if not settings or not stat or not program or not M.mentions_formats(settings) then
    return
  end
  local key = table.concat({ path, settings, stat.mtime.sec, stat.mtime.nsec, stat.size }, '\n')
  if asked[key] ~= nil then
    return asked[key] and answer(asked[key])
  end
  local folder = M.root(path)
  local function hear(done)
    local fine, said = pcall(vim.json.decode, done.stdout or '', { luanil = { object = true } })
    if done.code ~= 0 or not fine then
      return
    end
    asked[key] = type(said) == 'table' and said[path] or false
    if asked[key] then
      answer(asked[key])
    end
  end
  pcall(vim.system, program, { cwd = folder, text = true, timeout = 20000 }, vim.schedule_wrap(hear))
end

---@param settings string
function M.mentions_formats(settings)
  local file = io.open(settings, 'r')
  local text = file and file:read(1048576) or ''
  if file then
    file:close()
  end
  return text:find('formats', 1, true) ~= nil
end

---The folder that a server is started for: the repository, else where promptls.yaml is; nil for a file by itself.
---@param path string
---@return string?
function M.root(path)
  return vim.fs.root(path, '.git') or vim.fs.root(path, SETTINGS)
end

---Give a buffer that Neovim knows no type for one, where promptls.yaml makes it a prompt.
---@param bufnr integer
function M.give_type(bufnr)
  local function untyped()
    return vim.api.nvim_buf_is_loaded(bufnr) and vim.bo[bufnr].filetype == '' and vim.bo[bufnr].buftype == ''
  end
  if not untyped() or not M.is_file(vim.api.nvim_buf_get_name(bufnr)) then
    return
  end
  M.ask(vim.api.nvim_buf_get_name(bufnr), function(format)
    if untyped() then
      local named = vim.iter(require('promptls.patterns')):any(function(language)
        return language.id == format
      end)
      vim.bo[bufnr].filetype = named and format or 'text'
    end
  end)
end

return M
