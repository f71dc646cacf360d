-- Lenses are asked for when a prompt is opened, entered, left by insert mode, saved or changed, and when the server says
-- that they say something else; `vim.g.promptls_lenses = false` leaves them to your own configuration.
local M = {}

---Asked here and not by `vim.lsp.codelens.refresh`, which asks nothing while an answer is awaited, of a dead server too.
---@param bufnr integer
function M.refresh(bufnr)
  local client = vim.api.nvim_buf_is_loaded(bufnr) and require('promptls.server').client(bufnr)
  if not client or vim.g.promptls_lenses == false then
    return
  end
  local tick = vim.api.nvim_buf_get_changedtick(bufnr)
  local params = { textDocument = { uri = vim.uri_from_bufnr(bufnr) } }
  client:request('textDocument/codeLens', params, function(problem, lenses, context)
    if not problem and vim.api.nvim_buf_is_loaded(bufnr) and vim.api.nvim_buf_get_changedtick(bufnr) == tick then
      vim.lsp.codelens.on_codelens(nil, lenses, context)
    end
  end, bufnr)
end

---@param bufnr integer
function M.follow(bufnr)
  if vim.g.promptls_lenses == false then
    return
  end
  if vim.lsp.codelens.enable then -- Neovim 0.12 keeps them fresh by itself
    vim.lsp.codelens.enable(true, { bufnr = bufnr })
    return
  end
  local group = vim.api.nvim_create_augroup('promptls.lens.' .. bufnr, {})
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged', 'BufWritePost' }, {
    group = group,
    buffer = bufnr,
    callback = function()
      M.refresh(bufnr)
    end,
  })
  M.refresh(bufnr)
end

---The server says that the lenses of a client's buffers say something else now.
---@param client integer
function M.changed(client)
  for bufnr in pairs(vim.lsp.get_client_by_id(client).attached_buffers) do
    M.refresh(bufnr)
  end
  return vim.NIL
end

return M
