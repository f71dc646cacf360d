" What a person does with ALE in a prompt file; writes what they see to $SEEN, as JSON. Sourced after the .vimrc.
let s:seen = {}
function! s:wait(what, expression) abort
  let l:left = 1800
  while l:left > 0 && !eval(a:expression)
    sleep 50m
    let l:left -= 1
  endwhile
  if !eval(a:expression)
    let s:seen.missing = a:what
    call s:end()
  endif
endfunction
function! s:end() abort
  call writefile([json_encode(s:seen)], $SEEN)
  qall!
endfunction
function! s:main() abort
  execute 'edit' fnameescape($PROMPT)
  let s:seen.type = &filetype
  ALELint
  call s:wait('a finding', '!empty(getloclist(0))')
  let s:seen.findings = map(getloclist(0), {_, one -> [one.lnum, one.text]})

  call cursor(search('{{ nmae'), 12)
  ALEHover
  call s:wait('a hover', 'bufnr("ALEPreviewWindow") > 0')
  let s:seen.hover = join(getbufline(bufnr('ALEPreviewWindow'), 1, '$'), "\n")

  " :ALECodeAction, with a menu that chooses by itself.
  let g:actions = []
  call ale#codefix#Execute(0, {data, found -> extend(g:actions, map(copy(found), '[data, v:val[1]]'))})
  call s:wait('actions', '!empty(g:actions)')
  let s:seen.actions = map(copy(g:actions), 'v:val[1].title')
  call s:choose('^Run ')
  call s:wait('a page of the run', '!empty(glob(".promptls/*.run.md"))')
  call s:wait('the end of the run', 'match(readfile(glob(".promptls/*.run.md")), "status: finished") >= 0')
  call s:choose('`nmae` to `name`\|`name`')
  call s:wait('the fix is in the text', '!search("nmae", "nw")')
  call ale#Queue(0)
  call s:wait('the finding goes', 'empty(getloclist(0))')

  setlocal omnifunc=ale#completion#OmniFunc
  set completeopt=menu,noselect
  let s:left = 1800
  call timer_start(50, {-> s:menu()}, {'repeat': s:left})
  call feedkeys("Go{{ na\<C-x>\<C-o>", 'nt')
endfunction
function! s:choose(title) abort
  for [l:data, l:action] in g:actions
    if l:action.title =~# a:title
      return ale#codefix#ApplyLSPCodeAction(l:data, l:action)
    endif
  endfor
endfunction
function! s:menu() abort
  if pumvisible()
    let s:seen.completion = map(complete_info(['items']).items, 'v:val.word')
    call s:end()
  endif
  let s:left -= 1
  if s:left == 0
    let s:seen.missing = 'a menu of the completion'
    call s:end()
  endif
endfunction
autocmd VimEnter * call timer_start(100, {-> s:main()})
