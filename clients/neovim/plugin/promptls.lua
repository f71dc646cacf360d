if vim.g.loaded_promptls then
  return
end
vim.g.loaded_promptls = true

if vim.fn.has('nvim-0.11') == 0 then
  local version = vim.fn.matchstr(vim.fn.execute('version'), [[NVIM v\zs[0-9.]\+]])
  vim.notify(('promptls needs Neovim 0.11 or newer; this is %s.'):format(version), vim.log.levels.WARN)
  return
end

local function command(name, call, options)
  vim.api.nvim_create_user_command(name, function(given)
    require('promptls.commands')[call](given)
  end, options)
end

local function targets(...)
  return require('promptls.commands').targets(...)
end

command('PromptPreview', 'preview', { bang = true, desc = 'Show the messages beside the prompt, as it is typed' })
command('PromptRun', 'run', { nargs = '?', complete = targets, desc = 'Send the prompt to a model, or to [target]' })
command('PromptStop', 'stop', { desc = 'Stop the runs of this prompt or result' })
command('PromptCompare', 'compare', { nargs = '*', complete = targets, desc = 'Send the prompt to several targets' })
command('PromptSample', 'sample', { nargs = '?', desc = 'Choose the sample that previews and runs use' })
command('PromptRestart', 'restart', { desc = 'Start the promptls server anew' })

local group = vim.api.nvim_create_augroup('promptls', {})

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'promptls' then
      require('promptls.lens').follow(event.buf)
      require('promptls.preview').resume(event.buf)
    end
  end,
})

vim.api.nvim_create_autocmd('LspProgress', {
  group = group,
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'promptls' then
      require('promptls.status').happened(client.id, event.data.params)
    end
  end,
})

-- A file that only `formats:` in promptls.yaml makes a prompt may have no file type, and then no server is looked for.
vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile' }, {
  group = group,
  callback = function(event)
    vim.schedule(function()
      require('promptls.names').give_type(event.buf)
    end)
  end,
})

-- Neovim itself says nothing of a program that is not there.
vim.api.nvim_create_autocmd('FileType', {
  group = group,
  callback = function(event)
    local names, path = require('promptls.names'), vim.api.nvim_buf_get_name(event.buf)
    local ours = vim.bo[event.buf].buftype == '' and names.is_file(path) and names.known(path)
    if ours and vim.lsp.is_enabled('promptls') then
      require('promptls.server').is_there()
    end
  end,
})

vim.lsp.enable('promptls')
