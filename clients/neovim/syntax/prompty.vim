" A header in YAML, a body in Markdown with role lines and template tags. What names mean, the server's colours say.
if exists('b:current_syntax')
  finish
endif
runtime! syntax/promptls_body.vim
let b:current_syntax = 'prompty'
