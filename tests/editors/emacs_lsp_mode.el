;;; What a person does with lsp-mode in a prompt file; prints what they see, as JSON.  -*- lexical-binding: t -*-
;; `-l clients/other/emacs/promptls-lsp-mode -l this FILE`
(require 'json)
(require 'lsp-mode)
(require 'lsp-diagnostics)
(require 'lsp-completion)
(setq lsp-response-timeout 90 lsp-auto-guess-root t lsp-keep-workspace-alive nil lsp-enable-file-watchers nil lsp-restart 'ignore
      lsp-server-install-dir temporary-file-directory
      make-backup-files nil create-lockfiles nil)

(defvar seen nil)
(defun see (name value) (push (cons name value) seen))
(defun wait (what predicate)
  (let ((end (+ (float-time) 90)) found)
    (while (and (not (setq found (funcall predicate))) (< (float-time) end)) (accept-process-output nil 0.05))
    (unless found (message "it did not happen: %s" what) (kill-emacs 1))
    found))
(defun findings ()
  (let (found)
    (maphash (lambda (_ all) (dolist (one all) (push (gethash "message" one) found))) (lsp-diagnostics t))
    found))

(find-file (pop command-line-args-left))
(see 'mode (symbol-name major-mode))
(lsp) ; what lsp-deferred does once the buffer is shown, and a batch shows none
(wait "the server starts" (lambda () (lsp-workspaces)))
(see 'findings (vconcat (wait "findings" #'findings)))
(goto-char (point-min))
(search-forward "{{ nm")
(see 'actions (vconcat (mapcar (lambda (one) (gethash "title" one)) (lsp-code-actions-at-point))))
(see 'hover (gethash "value" (gethash "contents" (lsp-request "textDocument/hover" (lsp--text-document-position-params)))))

(lsp-execute-code-action
 (seq-find (lambda (one) (eq t (gethash "isPreferred" one))) (append (lsp-code-actions-at-point) nil)))
(wait "the finding goes" (lambda () (null (findings))))
(see 'text (buffer-substring-no-properties (point-min) (point-max)))

(goto-char (point-max))
(insert "{{ na")
(let ((found (lsp-completion-at-point)))
  (see 'completion (vconcat (mapcar #'substring-no-properties (all-completions "na" (nth 2 found))))))
(delete-char -5)

(let* ((argument (list :uri (lsp--buffer-uri)))
       (run (lsp-request "workspace/executeCommand" (list :command "promptls.run" :arguments (vector argument))))
       (page (lsp--uri-to-path (gethash "uri" run))))
  (wait "the run ends" (lambda ()
                         (and (file-exists-p page)
                              (with-temp-buffer
                                (insert-file-contents page)
                                (when (search-forward "status: finished" nil t)
                                  (see 'result (buffer-string))))))))
(set-buffer-modified-p nil)
(princ (json-encode seen))
(lsp-disconnect)
(kill-emacs 0)
