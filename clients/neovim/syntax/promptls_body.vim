" What the syntax files of prompt files share: a Markdown body, a YAML header at the top, tags in braces anywhere.
runtime! syntax/markdown.vim
unlet! b:current_syntax
syntax include @promptlsHeader syntax/yaml.vim
unlet! b:current_syntax
syntax include @promptlsTag syntax/promptls_tag.vim
unlet! b:current_syntax

syntax region promptlsHeader matchgroup=promptlsFence start=/\%^\%(\s*\n\)*---\s*$/ end=/^---\s*$/ keepend contains=@promptlsHeader,@promptlsTags
syntax match promptlsRole /^\s*#\?\s*\a\w*\%(\[[^]]*\]\)\?:\s*$/

syntax cluster promptlsTags contains=promptlsTag,promptlsComment
syntax region promptlsTag matchgroup=promptlsBrace start=/{{{\?[#/~>^&-]\?\|{%[-+]\?/ end=/[-~]\?}}}\?\|[-+]\?%}/ containedin=ALLBUT,promptlsTag,promptlsComment contains=@promptlsTag
syntax region promptlsComment start=/{#/ end=/#}/ containedin=ALLBUT,promptlsTag,promptlsComment contains=@Spell
syntax region promptlsComment start=/{{!--/ end=/--}}/ containedin=ALLBUT,promptlsTag,promptlsComment contains=@Spell
syntax region promptlsComment start=/{{!\%(--\)\@!/ end=/}}/ containedin=ALLBUT,promptlsTag,promptlsComment contains=@Spell

highlight default link promptlsFence Delimiter
highlight default link promptlsRole Title
highlight default link promptlsBrace Delimiter
highlight default link promptlsComment Comment
syntax sync fromstart
