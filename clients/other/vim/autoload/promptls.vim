" Add `promptls` to the buffer's file type, which is `language` where nobody knows better.
function! promptls#add(language) abort
  if index(split(&filetype, '\.'), 'promptls') < 0
    let &filetype = (empty(&filetype) ? a:language : &filetype) . '.promptls'
  endif
endfunction

" The repository, else the folder of promptls.yaml, else the file's own.
function! promptls#root(buffer) abort
  let l:file = fnamemodify(bufname(a:buffer), ':p')
  for l:found in [finddir('.git', l:file . ';'), findfile('.git', l:file . ';'), findfile('promptls.yaml', l:file . ';')]
    if !empty(l:found)
      return fnamemodify(substitute(fnamemodify(l:found, ':p'), '[\/]$', '', ''), ':h')
    endif
  endfor
  return fnamemodify(l:file, ':h')
endfunction
