;;; promptls-eglot.el --- promptls in eglot (Emacs 29 and newer; 28 with the package)  -*- lexical-binding: t -*-
;;
;; (load "/path/to/promptls/clients/other/emacs/promptls-eglot")

(load (expand-file-name "promptls-mode" (file-name-directory (or load-file-name buffer-file-name))) nil t)

(with-eval-after-load 'eglot
  (defclass promptls-eglot-server (eglot-lsp-server) () :documentation "promptls, as eglot knows it.")
  (add-to-list 'eglot-server-programs '(promptls-mode . (promptls-eglot-server "promptls" "lsp")))

  (cl-defmethod eglot-execute-command ((server promptls-eglot-server) _command _arguments)
    "Show the page that a command makes, where eglot is too old to be told by the server."
    (let ((answer (cl-call-next-method)))
      (unless (plist-get (plist-get (eglot-client-capabilities server) :window) :showDocument)
        (promptls-show (plist-get answer :uri)))
      answer))

  (cl-defmethod eglot-handle-request :around ((_server promptls-eglot-server) _method &rest _)
    "What was started by hand writes without a question: a page that grows would ask at each word."
    (let ((eglot-confirm-server-initiated-edits nil))
      (cl-call-next-method))))

(defun promptls-show (uri &optional tries)
  "Show the page at URI beside the prompt, once it is written: in TRIES tenths of a second, 50 if nil."
  ;; eglot 1.9 leaves the path in bytes.
  (let ((path (and uri (decode-coding-string (eglot--uri-to-path uri) 'utf-8))) (left (or tries 50)))
    (cond ((or (null path) (equal path buffer-file-name)) nil)
          ((file-exists-p path) (promptls-visit path))
          ((> left 0) (run-at-time 0.1 nil #'promptls-show uri (1- left))))))

(defun promptls-visit (path)
  "Show the page at PATH: of a run as the server has it, any other as it is on disk."
  (with-current-buffer (find-file-noselect path)
    (if (rassq 'promptls-mode (seq-filter (lambda (one) (string-match-p (car one) path)) auto-mode-alist))
        (unless (derived-mode-p 'promptls-mode) (promptls-mode))
      (auto-revert-mode 1))
    (display-buffer (current-buffer))))

(defun promptls-start ()
  "Start the server, or say in one sentence that it is not there."
  (if (executable-find "promptls")
      (eglot-ensure)
    (message "promptls is not on your PATH: install it, or add its folder to `exec-path'.")))

(add-hook 'promptls-mode-hook #'promptls-start)

(provide 'promptls-eglot)
