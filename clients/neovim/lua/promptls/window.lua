-- Where pages are shown: one window beside the prompt, used again for the next page.
local M = {}

---@param bufnr integer
---@param focus? boolean
---@return integer window
function M.show(bufnr, focus)
  local before = vim.api.nvim_get_current_win()
  local window = vim.fn.win_findbuf(bufnr)[1] or M.pages()
  if not window then
    vim.cmd('rightbelow vsplit')
    window = vim.api.nvim_get_current_win()
    vim.w[window].promptls_pages = true
  end
  vim.bo[bufnr].buflisted = true
  vim.api.nvim_win_set_buf(window, bufnr)
  vim.api.nvim_set_current_win(focus and window or before)
  return window
end

---The window of this tab page that shows pages. The preview keeps its own.
---@return integer?
function M.pages()
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    if vim.w[window].promptls_pages then
      return window
    end
  end
end

return M
