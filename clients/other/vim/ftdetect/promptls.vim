" Every name gets `promptls` added to its file type, whatever that is: ALE then looks into ale_linters/promptls.
" promptls: patterns
autocmd BufNewFile,BufRead *.prompty call promptls#add('prompty')
autocmd BufNewFile,BufRead *.prompt call promptls#add('dotprompt')
autocmd BufNewFile,BufRead *.prompt.md call promptls#add('prompt')
autocmd BufNewFile,BufRead *.instructions.md,copilot-instructions.md call promptls#add('instructions')
autocmd BufNewFile,BufRead *.agent.md,*.chatmode.md,*/.github/agents/*.md call promptls#add('chatagent')
autocmd BufNewFile,BufRead *.j2,*.jinja,*.jinja2 call promptls#add('jinja')
autocmd BufNewFile,BufRead *.njk,*.nunjucks call promptls#add('nunjucks')
autocmd BufNewFile,BufRead *.mustache call promptls#add('mustache')
autocmd BufNewFile,BufRead *.hbs call promptls#add('handlebars')
autocmd BufNewFile,BufRead promptls.yaml call promptls#add('yaml')
autocmd BufNewFile,BufRead *.run.md call promptls#add('markdown')
" promptls: end
