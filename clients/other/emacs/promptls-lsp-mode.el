;;; promptls-lsp-mode.el --- promptls in lsp-mode  -*- lexical-binding: t -*-
;;
;; (load "/path/to/promptls/clients/other/emacs/promptls-lsp-mode")

(load (expand-file-name "promptls-mode" (file-name-directory (or load-file-name buffer-file-name))) nil t)

(with-eval-after-load 'lsp-mode
  (add-to-list 'lsp-language-id-configuration '(promptls-mode . "prompty"))
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection '("promptls" "lsp"))
                    :major-modes '(promptls-mode)
                    :server-id 'promptls)))

(autoload 'lsp-deferred "lsp-mode")
(add-hook 'promptls-mode-hook #'lsp-deferred)

(provide 'promptls-lsp-mode)
