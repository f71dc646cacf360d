vim.bo.commentstring = '# %s'
vim.opt_local.expandtab = true
vim.opt_local.shiftwidth = 2
vim.b.undo_ftplugin = (vim.b.undo_ftplugin and vim.b.undo_ftplugin .. ' | ' or '') .. 'setlocal commentstring< expandtab< shiftwidth<'
