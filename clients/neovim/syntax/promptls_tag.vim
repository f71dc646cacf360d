" Inside of a tag of a template, whichever its language.
syntax match promptlsName /\<\h\w*\>/
syntax match promptlsFilter /|\s*\zs\h\w*/
syntax match promptlsNumber /\<\d\+\%(\.\d\+\)\?\>/
syntax region promptlsString start=/"/ skip=/\\./ end=/"/ oneline
syntax region promptlsString start=/'/ skip=/\\./ end=/'/ oneline
syntax match promptlsWord /\%({%[-+]\?\s*\)\@<=\h\w*/
syntax match promptlsWord /\%({{[#/^>]\s*\)\@<=\h\w*/
syntax keyword promptlsOperator and or not in is if else as

highlight default link promptlsName Identifier
highlight default link promptlsFilter Function
highlight default link promptlsNumber Number
highlight default link promptlsString String
highlight default link promptlsWord Keyword
highlight default link promptlsOperator Operator
