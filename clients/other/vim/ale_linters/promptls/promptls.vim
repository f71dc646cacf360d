" Read by ALE itself, for buffers with `promptls` in their file type.
call ale#Set('promptls_executable', 'promptls')

call ale#linter#Define('promptls', {
\   'name': 'promptls',
\   'lsp': 'stdio',
\   'executable': {buffer -> ale#Var(buffer, 'promptls_executable')},
\   'command': '%e lsp',
\   'language': 'prompty',
\   'project_root': function('promptls#root'),
\})
