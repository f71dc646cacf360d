-- The split that shows what a prompt sends, and follows typing: the server makes the page and tells of each new one.
local M = {}

local shown = {} ---@type table<integer, { page: integer, asked: table }> by the buffer of the prompt

local function write(page, text)
  if not vim.api.nvim_buf_is_valid(page) then
    return
  end
  vim.bo[page].modifiable = true
  vim.api.nvim_buf_set_lines(page, 0, -1, false, vim.split(text, '\n', { plain = true, trimempty = true }))
  vim.bo[page].modifiable = false
  vim.bo[page].modified = false
end

local function make(source)
  local page = vim.api.nvim_create_buf(false, true)
  vim.bo[page].bufhidden = 'wipe'
  vim.bo[page].swapfile = false
  vim.b[page].promptls_source = source
  pcall(vim.api.nvim_buf_set_name, page, 'promptls-preview://' .. vim.api.nvim_buf_get_name(source))
  vim.bo[page].filetype = 'markdown'
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = page,
    once = true,
    callback = function()
      shown[source] = nil
      local client = vim.api.nvim_buf_is_loaded(source) and require('promptls.server').client(source)
      if client then
        client:request('promptls/preview', { textDocument = { uri = vim.uri_from_bufnr(source) }, watch = false }, function() end)
      end
    end,
  })
  return page
end

local function ask(source)
  local one, client = shown[source], require('promptls.server').client(source)
  if not one or not client then
    return
  end
  local about = { textDocument = { uri = vim.uri_from_bufnr(source) }, format = 'markdown', watch = true }
  client:request('promptls/preview', vim.tbl_extend('force', one.asked, about), function(problem, preview)
    if problem then
      require('promptls').say(problem.message, vim.log.levels.WARN)
    elseif preview then
      write(one.page, preview.content)
    end
  end, source)
end

---Show the prompt of a buffer, or show it anew. `about`: which prompt, line or sample, as `promptls/preview` takes them.
---@param source integer
---@param about? table
function M.open(source, about)
  local about_prompt = { prompt = about and about.prompt, line = about and about.line, sample = about and about.sample }
  local one = shown[source]
  if one and vim.fn.win_findbuf(one.page)[1] then
    one.asked = about_prompt
    return ask(source)
  end
  shown[source] = { page = make(source), asked = about_prompt }
  local window = vim.api.nvim_open_win(shown[source].page, false, { split = 'right', win = vim.fn.bufwinid(source) })
  vim.wo[window].wrap = true
  vim.wo[window].linebreak = true
  vim.wo[window].number = false
  vim.wo[window].conceallevel = 2
  ask(source)
end

---@param source integer
function M.close(source)
  if shown[source] then
    vim.api.nvim_buf_delete(shown[source].page, { force = true })
  end
end

---The server made a new one of what is watched.
function M.changed(preview)
  local uri = vim.tbl_get(preview, 'textDocument', 'uri')
  for source, one in pairs(shown) do
    if vim.api.nvim_buf_is_loaded(source) and vim.uri_from_bufnr(source) == uri then
      write(one.page, preview.content)
    end
  end
end

---A server is at work for a buffer, perhaps a new one, which knows nothing of what is shown.
---@param source integer
function M.resume(source)
  ask(source)
end

return M
