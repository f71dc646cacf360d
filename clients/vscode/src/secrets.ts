/** Keys in the editor's own store: given to the server when it asks for one, for one provider at one host. */
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

interface Asked {
  provider: string;
  host: string;
}

const KNOWN = "promptls.askedFor";

export class Secrets {
  constructor(private readonly context: vscode.ExtensionContext) {}

  serve(client: LanguageClient): vscode.Disposable {
    return client.onRequest("promptls/secret", async (asked: Asked) => {
      if (typeof asked?.provider !== "string" || typeof asked?.host !== "string" || !vscode.workspace.isTrusted) {
        return null;
      }
      await this.remember(asked);
      return (await this.context.secrets.get(name(asked))) ?? null;
    });
  }

  /** Asks whose key and for the key; false where the person went away. */
  async set(): Promise<boolean> {
    const asked = await this.choose("Whose key is it?", this.known());
    const where = asked && `${asked.provider} at ${asked.host}`;
    const key = where && (await vscode.window.showInputBox({ prompt: `The key for ${where}`, password: true, ignoreFocusOut: true }));
    if (!key) {
      return false;
    }
    await this.context.secrets.store(name(asked), key);
    void vscode.window.showInformationMessage(`The key for ${where} is kept in the editor's secret store.`);
    return true;
  }

  async delete(): Promise<boolean> {
    const kept: Asked[] = [];
    for (const asked of this.known()) {
      if ((await this.context.secrets.get(name(asked))) !== undefined) {
        kept.push(asked);
      }
    }
    const asked = await this.choose("Which key is to be deleted?", kept);
    if (!asked) {
      return false;
    }
    await this.context.secrets.delete(name(asked));
    return true;
  }

  private async choose(placeHolder: string, among: Asked[]): Promise<Asked | undefined> {
    if (!among.length) {
      void vscode.window.showInformationMessage(
        "No provider is waiting for a key here: open a prompt whose model needs one, then come back.",
      );
      return undefined;
    }
    const items = among.map((asked) => ({ label: asked.provider, description: asked.host, asked }));
    return (await vscode.window.showQuickPick(items, { placeHolder }))?.asked;
  }

  /** What the server asked for so far; names and hosts only. */
  private known(): Asked[] {
    return this.context.globalState.get<Asked[]>(KNOWN, []);
  }

  private async remember({ provider, host }: Asked): Promise<void> {
    const known = this.known();
    if (!known.some((one) => one.provider === provider && one.host === host)) {
      await this.context.globalState.update(KNOWN, [...known, { provider, host }].slice(-50));
    }
  }
}

function name({ provider, host }: Asked): string {
  return `key ${provider} ${host}`;
}
