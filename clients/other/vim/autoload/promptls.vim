" Add `promptls` to the buffer's file type, which is `language` where nobody knows better.
function! promptls#add(language) abort
  if index(split(&filetype, '\.'), 'promptls') < 0
    let &filetype = (empty(&filetype) ? a:language : &filetype) . '.promptls'
  endif
endfunction

" The repository, else the folder of promptls.yaml, else the file's own.
function! promptls#root(buffer) abort
  let l:file = fnamemodify(bufname(a:buffer), ':p')
  let l:up = escape(fnamemodify(l:file, ':h'), ' ,') . ';'
  for l:found in [finddir('.git', l:up), findfile('.git', l:up), findfile('promptls.yaml', l:up)]
    if !empty(l:found)
      return fnamemodify(substitute(fnamemodify(l:found, ':p'), '[\/]$', '', ''), ':h')
    endif
  endfor
  return fnamemodify(l:file, ':h')
endfunction
