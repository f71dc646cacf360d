"""Small v1 files, each with something that a migration to v2 has to get right. Prompty's own loaders judge them too
(``tests/oracles/migrated.py``), so each is one that 0.1.50 takes."""

from __future__ import annotations

CASES: dict[str, str] = {
    "everything.prompty": """---
# Who wrote it
name: Everything   # the name
description: "All keys of v1"
authors:
  - jane   # first
  - joe
tags: [a, b]
version: "1.0"

# The model
model:
  api: chat
  configuration:
    type: azure_openai
    # from the portal
    azure_deployment: gpt-4o
    azure_endpoint: ${env:AZURE_OPENAI_ENDPOINT}
    api_key: ${env:AZURE_OPENAI_API_KEY}
    api_version: 2024-06-01-preview  # the last one
  parameters:
    max_tokens: 1000
    temperature: 0.2
    top_p: 1.0
    stop: END
    frequency_penalty: 0.5
    presence_penalty: 0
    seed: 42
    response_format:
      type: json_object
    user: me
  response: first
inputs:
  question:
    type: string
    description: >
      What they
      ask
  items:
    type: array   # of things
    description: Things
  limit: {type: number}
outputs:
  answer: {type: string, description: The answer}
sample:
  question: |
    Why?

    Because.
  items: [1, 2]
  limit: 3
  # only here
  tone: 'kind'
template: jinja2
---
system:
Be {{ tone }}.

user:
{{ question }} {% for item in items %}{{ item }}, {% endfor %}{{ limit }}
""",
    "openai.prompty": """---
name: a
model:
  api: chat
  configuration: {type: openai, name: gpt-4o, organization: "${env:OPENAI_ORG}", api_key: "${env:OPENAI_API_KEY}"}
  parameters: {max_tokens: 5, tools_choice: auto}
sample: {question: hello, number: 5, deep: {a: [" b "]}}
---
user:
{{ question }} {{ number }} {{ deep.a[0] }}!
""",
    "serverless.prompty": """---
model:
    api: chat
    configuration:
        type: azure_serverless
        azure_endpoint: https://models.inference.ai.azure.com
sample:
    q: hi
---
{{ q }}
""",
    "identity.prompty": """---
model:
  api: chat
  configuration:
    type: azure_openai
    azure_deployment: gpt-4o
    azure_endpoint: https://example.openai.azure.com
    client_id: ${env:AZURE_CLIENT_ID}
---
system:
Hello
""",
    "tools.prompty": """---
model:
  api: chat
  configuration: {type: azure_openai, azure_deployment: gpt-4o}
  parameters:
    # What it may call
    tools:
      - type: function
        function:
          name: weather
          description: The weather
          parameters:
            type: object
            properties:
              place: {type: string, description: 'Where, for example "here"'}
              unit: {type: string, enum: [c, f]}
              days: {type: array, items: {type: integer}}
            required: [place]
---
system:
Hello
""",
    "tools-odd.prompty": """---
model:
  api: chat
  configuration: {type: azure_openai, azure_deployment: gpt-4o}
  parameters:
    temperature: 0
    tools:
      - type: function
        function:
          name: weather
          parameters: {type: object, properties: {place: {anyOf: [{type: string}, {type: number}]}}}
---
system:
Hello
""",
    "mustache.prompty": """---
model: {api: chat}
sample:
  name: Jane & Joe
  turns:
    - {who: user, said: hi}
    - {who: assistant, said: ho}
template: mustache   # no logic
---
system:
Hello {{name}}

{{#turns}}
{{who}}:
{{said}}

{{/turns}}
user:
And now?
""",
    "template-map.prompty": """---
model: {api: chat}
template:
  type: jinja2
  parser: prompty
---
user:
Hello
""",
    "history.prompty": """---
model: {api: chat}
sample:
  chat_history:
    - role: user
      content: hi
    - role: assistant
      content: ho
  question: what?
---
# system:
Be kind.

{% for item in chat_history %}
{{item.role}}:
{{item.content}}
{% endfor %}

# user:
{{question}}
""",
    "spaces.prompty": """---
model: {api: chat}
sample:
  x: a
---

   Indented text of the system.\x20\x20

  user:
     Indented {{ x }}\x20\x20
\x20\x20\x20
   inner
{% if x %}
  more\x20
{% endif %}
assistant:

\tTabbed
\x20
""",
    "tags-first.prompty": """---
model: {api: chat}
sample:
  x: a
---
{# What it is for #}
{% set y = x %}

system:
{% if y %}
   Be {{ y }}.
{% endif %}

user:
Go
""",
    "last-role.prompty": """---
model: {api: chat}
---
user:
Go

assistant:

""",
    "trimmed.prompty": """---
model: {api: chat}
sample: {x: a}
---
system:
{%- if x %}
Be kind.
{%- endif -%}

user:
Go {{ x }}
""",
    "block-scalars.prompty": """---
model:
  api: chat
sample:
  folded: >
    one
    two

  kept: |+
    three

  indented: |2
      four
    five
  quoted: "  six "
  long:
    - item: >
        seven
        eight
---
system:
[{{ folded }}] [{{ kept }}] [{{ indented }}] [{{ quoted }}] [{{ long[0].item }}]
""",
    "environment.prompty": """---
model: {api: chat}
sample:
  one: ${env:PROMPTLS_ORACLE:given}
  two: " ${env:PROMPTLS_ABSENT:a:b} "
---
system:
{{ one }} {{ two }}
""",
    "pluses.prompty": """+++
model: {api: chat}
+++
user:
Hello
""",
    "comments.prompty": """---
# above everything
name: a
# the model
model:  # ours
  # how
  api: chat  # always
  # where
  configuration:  # the resource
    # which
    azure_deployment: gpt-4o  # the big one
    # its kind
    type: azure_openai
    # the end of it
  # at the end of the model
# what it gets
sample:  # for tests
  # who
  name: Jane  # a customer
  # nothing more
# done
---
user:
Hello {{ name }}
""",
    "crlf.prompty": "---\r\nmodel:\r\n  api: chat\r\n  configuration:\r\n    type: openai\r\n    name: gpt-4o\r\n"
    "    organization: us\r\nsample:\r\n  a: |\r\n    one\r\n    two\r\n  b: x\r\n---\r\n"
    "system:\r\n  Be {{ a }}\r\n\r\nuser:\r\n{{ b }}\r\n",
    "same-column.prompty": """---
authors:
- jane
tags:
- a
model:
  api: chat
  parameters:
    stop:
    - END
sample:
  list:
  - a
  - b: c
---
user:
{{ list }}
""",
    "default.prompty": """---
model: {api: chat}
inputs:
  name: {type: string, default: Jane}
  other:
    type: string
    default: x
sample:
  name: Joe
  other: x
---
user:
Hello {{ name }} {{ other }}
""",
    "quotes.prompty": """---
"name": 'a'
'model':
  "api": 'chat'
  "configuration":
    "type": "azure_openai"
    "azure_deployment": 'gpt-4o'
sample:
  "a b": 1
  'c': "it's"
---
user:
{{ c }}
""",
    "embedding.prompty": """---
model:
  api: embedding
  configuration: {type: azure_openai, azure_deployment: ada}
sample: {text: some words}
---
{{ text }}
""",
    "completion.prompty": """---
model:
  api: completion
  configuration: {type: azure_openai, azure_deployment: davinci}
sample: {text: some words}
---
Once {{ text }}
""",
}

BROKEN: dict[str, tuple[str, str]] = {
    "function.prompty": (
        "---\nmodel: {api: chat}\n---\nsystem:\nHi\nfunction:\n{a: 1}\n",
        "v2 has no role `function`: this line would be sent as text",
    ),
    "developer.prompty": (
        "---\nmodel: {api: chat}\n---\nsystem:\nHi\n\ndeveloper:\nBe quick.\n",
        "`developer:` is text in v1 and starts a message of `developer` in v2",
    ),
    "image.prompty": (
        "---\nmodel: {api: chat}\n---\nuser:\nSee ![it](https://example.org/a.png)\n",
        "v2 sends a Markdown image as text; declare an input of `kind: image`",
    ),
    "unheard-default.prompty": (
        "---\nmodel: {api: chat}\ninputs: {x: {type: string, default: a}}\n---\nuser:\nHi {{ x }}\n",
        "v2 fills in the `default` of `x`, which 0.1.50 did not",
    ),
    "null.prompty": (
        "---\nmodel: {api: chat}\nsample:\n  x: null\n---\nuser:\nHi {{ x }}\n",
        "The sample of `x` is null, which v2 takes for no value",
    ),
    "inner-reference.prompty": (
        '---\nmodel: {api: chat}\nsample:\n  x: ["${env:PROMPTLS_ORACLE:a}"]\n---\nuser:\nHi {{ x[0] }}\n',
        "v2 does not look up `${env:PROMPTLS_ORACLE:a}` inside of a default",
    ),
    "role-in-sample.prompty": (
        "---\nmodel: {api: chat}\nsample:\n  x: |\n    a\n    assistant:\n    b\n---\nuser:\nHi {{ x }}\n",
        "The sample of `x` writes a role line, which v2 refuses",
    ),
    "line-end.prompty": (
        "---\nmodel: {api: chat}\n---\nuser:\nHi\x0cthere\n",
        "v2 ends a line at this character and sends a line end in its place",
    ),
    "sandbox.prompty": (
        "---\nmodel: {api: chat}\nsample: {x: [1]}\n---\nuser:\nHi {% set _ = x.append(2) %}{{ x }}\n",
        "v2 renders in a sandbox, where a template cannot change values",
    ),
    "empty.prompty": (
        "---\nmodel: {api: chat}\nsample: {y: 1}\n---\nsystem:\nHi {{ y }}\n\nuser:\n{{ x }}\n",
        "Without values this last message is empty: v1 leaves it out, v2 sends it",
    ),
    "trailing-role.prompty": (
        "---\nmodel: {api: chat}\n---\nsystem:\nHi\n\nuser:\n",
        "`user:` is text in v1 and starts a message of `user` in v2",
    ),
}
"""What cannot be the same in v2, and the sentence that says so."""
