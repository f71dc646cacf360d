-- A plain Neovim, without plugins, as the README sets it up: the file type, the server, the built-in completion.
vim.cmd('filetype on')
vim.filetype.add({ extension = { prompty = 'prompty', j2 = 'jinja' } })
vim.lsp.config('promptls', {
  cmd = vim.json.decode(vim.env.PROMPTLS_COMMAND),
  filetypes = { 'prompty', 'jinja', 'markdown' },
  root_markers = { 'promptls.yaml', '.git' },
})
vim.lsp.enable('promptls')
vim.api.nvim_create_autocmd('LspAttach', {
  callback = function(attached)
    vim.lsp.completion.enable(true, attached.data.client_id, attached.buf, { autotrigger = true })
  end,
})
