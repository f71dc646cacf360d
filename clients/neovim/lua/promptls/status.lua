-- What the server says it is doing, kept by its tokens, for a statusline.
local M = {}

local doing = {} ---@type table<integer, table<string|integer, { title: string, message: string? }>>

---@param client integer
---@param params { token: string|integer, value: table }
function M.happened(client, params)
  local value = params.value
  local known = doing[client] or {}
  doing[client] = known
  if value.kind == 'begin' then
    known[params.token] = { title = value.title, message = value.message }
  elseif value.kind == 'report' and known[params.token] then
    known[params.token].message = value.message or known[params.token].message
  elseif value.kind == 'end' then
    known[params.token] = nil
  end
  vim.cmd.redrawstatus({ bang = true })
end

---@param client integer
function M.forget(client)
  doing[client] = nil
end

---@return string
function M.text()
  local bufnr = vim.b.promptls_source or vim.api.nvim_get_current_buf()
  local client = vim.api.nvim_buf_is_valid(bufnr) and require('promptls.server').client(bufnr)
  if not client then
    return ''
  end
  local parts = {}
  for _, one in pairs(doing[client.id] or {}) do
    parts[#parts + 1] = one.message and (one.title .. ': ' .. one.message) or one.title
  end
  table.sort(parts)
  return #parts > 0 and table.concat(parts, ', ') or 'promptls'
end

return M
