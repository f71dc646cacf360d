-- Lenses are asked for when a prompt is opened, entered, left by insert mode or saved; `vim.g.promptls_lenses = false`
-- leaves them to your own configuration.
local M = {}

---@param bufnr integer
function M.follow(bufnr)
  if vim.g.promptls_lenses == false then
    return
  end
  if vim.lsp.codelens.enable then -- Neovim 0.12 keeps them fresh by itself
    vim.lsp.codelens.enable(true, { bufnr = bufnr })
    return
  end
  local function refresh()
    if require('promptls.server').client(bufnr) then
      vim.lsp.codelens.refresh({ bufnr = bufnr })
    end
  end
  local group = vim.api.nvim_create_augroup('promptls.lens.' .. bufnr, {})
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged', 'BufWritePost' }, {
    group = group,
    buffer = bufnr,
    callback = refresh,
  })
  refresh()
end

return M
