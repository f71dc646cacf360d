;;; What a person does with eglot in a prompt file; prints what they see, as JSON.  -*- lexical-binding: t -*-
;; `-l clients/other/emacs/promptls-eglot -l this FILE`
(require 'json)
(require 'eglot)
(require 'flymake)
(setq eglot-autoshutdown t eglot-sync-connect 90 jrpc-default-request-timeout 90 make-backup-files nil create-lockfiles nil)

(defvar seen nil)
(defun see (name value) (push (cons name value) seen))
(defun wait (what predicate)
  "PREDICATE's first value that is not nil; ends Emacs where it never comes."
  (let ((end (+ (float-time) 90)) found)
    (while (and (not (setq found (funcall predicate))) (< (float-time) end)) (accept-process-output nil 0.05))
    (unless found (message "it did not happen: %s" what) (kill-emacs 1))
    found))
(defun findings ()
  (flymake-start)
  (mapcar (lambda (one) (flymake-diagnostic-text one)) (flymake-diagnostics)))

(find-file (pop command-line-args-left))
(see 'mode (symbol-name major-mode))
(run-hooks 'post-command-hook) ; eglot-ensure waits for the end of a command, and a batch has none
(wait "the server starts" #'eglot-managed-p)
(see 'findings (vconcat (wait "findings" #'findings)))

(goto-char (point-min))
(search-forward "nmae")
(let* ((actions (jsonrpc-request (eglot-current-server) :textDocument/codeAction
                                 (list :textDocument (eglot--TextDocumentIdentifier)
                                       :range (list :start (eglot--pos-to-lsp-position (- (point) 2))
                                                    :end (eglot--pos-to-lsp-position (- (point) 2)))
                                       :context '(:diagnostics [] :triggerKind 1))))
       (preferred (seq-find (lambda (one) (eq t (plist-get one :isPreferred))) actions)))
  (see 'actions (vconcat (mapcar (lambda (one) (plist-get one :title)) actions)))
  (eglot--apply-workspace-edit (plist-get preferred :edit)))
(eglot--signal-textDocument/didChange)
(wait "the finding goes" (lambda () (null (findings))))
(see 'text (buffer-substring-no-properties (point-min) (point-max)))

(goto-char (point-min))
(search-forward "{{ na")
(let ((hover (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams))))
  (see 'hover (plist-get (plist-get hover :contents) :value)))

(goto-char (point-max))
(insert "{{ na")
(let ((found (eglot-completion-at-point)))
  (see 'completion (vconcat (mapcar #'substring-no-properties (all-completions "na" (nth 2 found))))))
(delete-char -5)
(eglot--signal-textDocument/didChange)

(let* ((argument (list :uri (eglot--path-to-uri buffer-file-name)))
       (run (eglot-execute-command (eglot-current-server) 'promptls.run (vector argument)))
       (page (eglot--uri-to-path (plist-get run :uri))))
  ;; A person looks at the buffer, which grows beside the prompt; nothing is asked.
  (wait "the run ends" (lambda ()
                         (when-let ((shown (get-file-buffer page)))
                           (with-current-buffer shown
                             (when (and (get-buffer-window shown) (string-search "status: finished" (buffer-string)))
                               (see 'result (buffer-string))
                               (set-buffer-modified-p nil)
                               t))))))

(let* ((argument (list :uri (eglot--path-to-uri buffer-file-name)))
       (preview (eglot-execute-command (eglot-current-server) 'promptls.preview (vector argument)))
       (name (file-name-nondirectory (eglot--uri-to-path (plist-get preview :uri)))))
  (wait "the preview is shown" (lambda () (and (get-buffer name) (get-buffer-window name))))
  (see 'preview (with-current-buffer name (buffer-string))))

(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server))
(princ (json-encode seen))
(kill-emacs 0)
