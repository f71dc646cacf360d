(minus_metadata) @property
(atx_heading) @title
(fenced_code_block) @string
