-- Where pages are shown: one window beside the prompt, or below its preview, used again for the next page.
local M = {}

---@param bufnr integer
---@param focus? boolean
---@param line? integer from 0: the one to stand at the top
---@return integer window
function M.show(bufnr, focus, line)
  local window = M.here(bufnr) or M.marked('promptls_page')
  if not window then
    local preview = M.marked('promptls_source')
    local place = { split = preview and 'below' or 'right', win = preview or 0 }
    window = vim.api.nvim_open_win(bufnr, false, place)
  end
  vim.bo[bufnr].buflisted = true
  vim.b[bufnr].promptls_page = true
  vim.api.nvim_win_set_buf(window, bufnr)
  vim.wo[window][0].linebreak = true
  if line and line > 0 then
    vim.api.nvim_win_call(window, function()
      -- The cursor is above that line: what is written there leaves it where it is.
      vim.api.nvim_win_set_cursor(window, { line, 0 })
      vim.cmd('normal! zt')
    end)
  end
  if focus then
    vim.api.nvim_set_current_win(window)
  end
  return window
end

---A window of this tab page with that buffer.
---@param bufnr integer
---@return integer?
function M.here(bufnr)
  return vim.iter(vim.api.nvim_tabpage_list_wins(0)):find(function(window)
    return vim.api.nvim_win_get_buf(window) == bufnr
  end)
end

---A window of this tab page whose buffer has a variable of that name: `promptls_page`, or a preview's `promptls_source`.
---@param name string
---@return integer?
function M.marked(name)
  return vim.iter(vim.api.nvim_tabpage_list_wins(0)):find(function(window)
    return vim.b[vim.api.nvim_win_get_buf(window)][name] ~= nil
  end)
end

---An edit of the server's. A page that holds no more than the server wrote is saved: nobody is asked about it at `:qa`.
function M.edit(problem, params, context)
  local clean = vim.tbl_filter(function(bufnr)
    return vim.b[bufnr].promptls_page and not vim.bo[bufnr].modified
  end, vim.api.nvim_list_bufs())
  local answer = vim.lsp.handlers['workspace/applyEdit'](problem, params, context)
  for _, bufnr in ipairs(clean) do
    if vim.bo[bufnr].modified then
      vim.api.nvim_buf_call(bufnr, function()
        vim.cmd('silent! noautocmd write')
      end)
    end
  end
  return answer
end

return M
