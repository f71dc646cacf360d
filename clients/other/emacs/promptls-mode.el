;;; promptls-mode.el --- prompt files, for promptls-eglot.el and promptls-lsp-mode.el  -*- lexical-binding: t -*-

(define-derived-mode promptls-mode text-mode "Prompt"
  "Files that promptls reads."
  (setq-local comment-start "# ")
  (setq-local font-lock-defaults
              '((("^\\(---\\)[ \t]*$" 1 font-lock-keyword-face)
                 ("^[ \t]*#?[ \t]*[[:alpha:]]\\w*\\(\\[[^]\n]*\\]\\)?:[ \t]*$" . font-lock-keyword-face)
                 ("{[{%#][^\n]*?[}%#]}" 0 font-lock-variable-name-face t)))))

;; Those with `t` only where nothing else knows the name.
;; promptls: patterns
(add-to-list 'auto-mode-alist '("\\.prompty\\'" . promptls-mode))
(add-to-list 'auto-mode-alist '("\\.prompt\\'" . promptls-mode))
(add-to-list 'auto-mode-alist '("\\.prompt\\.md\\'" . promptls-mode))
(add-to-list 'auto-mode-alist '("\\.instructions\\.md\\'" . promptls-mode))
(add-to-list 'auto-mode-alist '("/copilot\\-instructions\\.md\\'" . promptls-mode))
(add-to-list 'auto-mode-alist '("\\.agent\\.md\\'" . promptls-mode))
(add-to-list 'auto-mode-alist '("\\.chatmode\\.md\\'" . promptls-mode))
(add-to-list 'auto-mode-alist '("/\\.github/agents/[^/]*\\.md\\'" . promptls-mode))
(add-to-list 'auto-mode-alist '("\\.j2\\'" . promptls-mode) t)
(add-to-list 'auto-mode-alist '("\\.jinja\\'" . promptls-mode) t)
(add-to-list 'auto-mode-alist '("\\.jinja2\\'" . promptls-mode) t)
(add-to-list 'auto-mode-alist '("\\.njk\\'" . promptls-mode) t)
(add-to-list 'auto-mode-alist '("\\.nunjucks\\'" . promptls-mode) t)
(add-to-list 'auto-mode-alist '("\\.mustache\\'" . promptls-mode) t)
(add-to-list 'auto-mode-alist '("\\.hbs\\'" . promptls-mode) t)
(add-to-list 'auto-mode-alist '("/promptls\\.yaml\\'" . promptls-mode) t)
(add-to-list 'auto-mode-alist '("\\.run\\.md\\'" . promptls-mode))
;; promptls: end

(provide 'promptls-mode)
