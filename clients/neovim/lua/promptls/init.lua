-- What people call: `require('promptls').status()` for a statusline, `say` for a sentence. The rest has its own files.
local M = {}

M.version = '0.1.0'

---What promptls does in this buffer now, for a statusline: '' where it does nothing here.
---@return string
function M.status()
  return require('promptls.status').text()
end

---A sentence for the person, once where `once` is set.
---@param sentence string
---@param level? integer
---@param once? boolean
function M.say(sentence, level, once)
  local tell = once and vim.notify_once or vim.notify
  tell('promptls: ' .. sentence, level or vim.log.levels.INFO)
end

return M
