-- The demo's Neovim: no plugins, promptls, and a hint bar that says which keys to try.
vim.o.mouse = 'a'
vim.o.termguicolors = vim.env.COLORTERM == 'truecolor'
vim.o.number = true
vim.o.signcolumn = 'yes'
vim.o.updatetime = 300
vim.o.swapfile = false
vim.o.completeopt = 'menuone,noselect,popup'
vim.o.winbar = ' K hover  gra fix, preview, run, stop  ]d next finding  i Ctrl-Space complete  Ctrl-O back  Ctrl-Q quit '
vim.cmd('filetype on')
vim.filetype.add({ extension = { prompty = 'prompty' } })
vim.diagnostic.config({ virtual_lines = { current_line = true }, virtual_text = true, signs = true, severity_sort = true })

vim.lsp.config('promptls', {
  cmd = { vim.env.PROMPTLS_PYTHON, '-m', 'promptls', 'lsp' },
  filetypes = { 'prompty', 'markdown' },
  root_dir = vim.fn.getcwd(),
})
vim.lsp.enable('promptls')

vim.api.nvim_create_autocmd('FileType', {
  pattern = 'prompty',
  callback = function() vim.bo.commentstring = '# %s'; vim.cmd('runtime! syntax/yaml.vim') end,
})
vim.api.nvim_create_autocmd('LspAttach', {
  callback = function(event)
    vim.lsp.completion.enable(true, event.data.client_id, event.buf, { autotrigger = true })
  end,
})
local moved = false
vim.api.nvim_create_autocmd('DiagnosticChanged', {
  callback = function(event)
    local found = vim.diagnostic.get(event.buf)
    if moved or #found == 0 then return end
    moved = true
    table.sort(found, function(a, b) return a.lnum < b.lnum end)
    local first = found[2] or found[1]
    pcall(vim.api.nvim_win_set_cursor, 0, { first.lnum + 1, first.col })
  end,
})

for _, mode in ipairs({ 'n', 'i', 'v' }) do
  vim.keymap.set(mode, '<C-q>', '<Cmd>qa!<CR>')
  vim.keymap.set(mode, '<C-s>', '<Cmd>write<CR>')
end
vim.keymap.set('i', '<C-Space>', '<C-x><C-o>')
