((minus_metadata) @content
  (#set! "language" "yaml"))

((inline) @content
  (#set! "language" "markdown-inline"))
