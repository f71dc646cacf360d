#!/usr/bin/env bash
# Installs code-server 4.100.3, a VS Code 1.100.3 that runs headless, for a Node 20:  install-code-server.sh FOLDER
# `npm install code-server` alone fails: its install scripts fetch release assets and call `npx`. So none of them is
# run, and the native modules that the server loads are built here with npm's own node-gyp.
set -euo pipefail
version=4.100.3
folder=${1:?the folder to install into}
entry=node_modules/code-server/out/node/entry.js
mkdir -p "$folder"
cd "$folder"
rm -f "done-$version"

[ -f package.json ] || echo '{"private": true}' > package.json
npm install --silent --ignore-scripts --no-audit --no-fund "code-server@$version"
npm rebuild --silent argon2 --build-from-source # entry.js requires it, even where nobody logs in

(
    cd node_modules/code-server/lib/vscode
    npm install --silent --ignore-scripts --omit=dev --no-audit --no-fund
    gyp="$(npm root -g)/npm/node_modules/node-gyp/bin/node-gyp.js"
    node_folder=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
    for module in node-pty @vscode/spdlog native-watchdog; do
        (cd "node_modules/$module" && node "$gyp" rebuild --nodedir="$node_folder" > build.log 2>&1) || {
            cat "node_modules/$module/build.log" >&2
            echo "$module could not be built: a C++ compiler, make, python3 and Node's headers are needed" >&2
            exit 1
        }
    done
    # What code-server's own install script does at last.
    ln -sfn node_modules node_modules.asar
    (cd bin/remote-cli && ln -sf code-linux.sh code-server)
    (cd bin/helpers && ln -sf browser-linux.sh browser.sh)
    (cd extensions && npm install --silent --ignore-scripts --omit=dev --no-audit --no-fund)
)
node "$entry" --config /dev/null --version
touch "done-$version"
