;;; promptls-eglot.el --- promptls in eglot (Emacs 29 and newer; 28 with the package)  -*- lexical-binding: t -*-
;;
;; (load "/path/to/promptls/clients/other/emacs/promptls-eglot")

(load (expand-file-name "promptls-mode" (file-name-directory (or load-file-name buffer-file-name))) nil t)

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(promptls-mode . ("promptls" "lsp"))))

(defun promptls-start ()
  "Start the server, or say in one sentence that it is not there."
  (if (executable-find "promptls")
      (eglot-ensure)
    (message "promptls is not on your PATH: install it, or add its folder to `exec-path'.")))

(add-hook 'promptls-mode-hook #'promptls-start)

(provide 'promptls-eglot)
