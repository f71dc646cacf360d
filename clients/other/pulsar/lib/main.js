// Starts `promptls lsp` for the grammar of this package; everything else is the server's.
const { spawn } = require('child_process');
const { AutoLanguageClient } = require('@savetheclocktower/atom-languageclient');

class PromptlsClient extends AutoLanguageClient {
  getGrammarScopes() {
    return ['text.prompt'];
  }

  getLanguageName() {
    return 'Prompt';
  }

  getServerName() {
    return 'promptls';
  }

  getRootConfigurationKey() {
    return 'ide-promptls';
  }

  startServerProcess(folder) {
    const program = atom.config.get('ide-promptls.command');
    const server = spawn(program, ['lsp'], { cwd: folder });
    server.on('error', () => {
      atom.notifications.addWarning(
        `${program} cannot be started: install promptls, or say where it is in the settings of ide-promptls.`,
      );
    });
    // Nothing is to be written to a program that did not start.
    return server.pid ? server : new Promise((_, refuse) => server.once('error', refuse));
  }
}

module.exports = new PromptlsClient();
