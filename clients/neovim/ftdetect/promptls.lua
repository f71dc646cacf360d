-- The names that Neovim has no file type for get the language that the server calls them, in small letters or large.
if vim.fn.has('nvim-0.11') == 0 then
  return -- plugin/promptls.lua says so
end

local function either(letter)
  return '[' .. letter:lower() .. letter:upper() .. ']'
end

local found = {}
for _, language in ipairs(require('promptls.patterns')) do
  for _, pattern in ipairs(language.patterns) do
    if not language.builtin or not vim.filetype.match({ filename = (pattern:gsub('^%*', 'a')) }) then
      local name = vim.pesc(pattern):gsub('%%%*', '[^/]*'):gsub('%a', either)
      found['.*/' .. name] = language.id
    end
  end
end
vim.filetype.add({ pattern = found })
