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
  local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(source), ':~:.')
  pcall(vim.api.nvim_buf_set_name, page, 'preview://' .. name)
  vim.bo[page].filetype = 'markdown'
  pcall(vim.treesitter.start, page, 'markdown') -- hides the marks of Markdown
  local leaves = vim.api.nvim_create_autocmd({ 'BufDelete', 'BufWipeout' }, {
    buffer = source,
    once = true,
    callback = vim.schedule_wrap(function()
      M.close(source)
    end),
  })
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = page,
    once = true,
    callback = function()
      shown[source] = nil
      pcall(vim.api.nvim_del_autocmd, leaves)
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

---A window for the page: that of a preview whose prompt is shown no more, else a new one beside the prompt.
local function look(page, source)
  local free = vim.iter(vim.api.nvim_tabpage_list_wins(0)):find(function(window)
    local other = vim.b[vim.api.nvim_win_get_buf(window)].promptls_source
    return other and vim.fn.bufwinid(other) < 0
  end)
  local beside = { split = 'right', win = math.max(vim.fn.bufwinid(source), 0) }
  local window = free or vim.api.nvim_open_win(page, false, beside)
  vim.api.nvim_win_set_buf(window, page)
  local here = vim.wo[window][0] -- these end with the page, and the window is again as others
  here.wrap, here.linebreak, here.number = true, true, false
  here.conceallevel, here.concealcursor = 2, 'nc'
end

---Show the prompt of a buffer, or show it anew. `about`: which prompt, line or sample, as `promptls/preview` takes them.
---@param source integer
---@param about? table
function M.open(source, about)
  local one = shown[source] or { page = make(source) }
  one.asked = { prompt = about and about.prompt, line = about and about.line, sample = about and about.sample }
  shown[source] = one
  if not require('promptls.window').here(one.page) then
    look(one.page, source)
  end
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
