-- What `vim.lsp.enable('promptls')` starts. `vim.lsp.config('promptls', { cmd = … })` in an init.lua goes before it.
---@type vim.lsp.Config
return require('promptls.server').config
