/** What is said once: that another extension checks the same files, that the files of this folder are elsewhere. */
import * as vscode from "vscode";
import { isNamedAsOurs } from "./about";

/** Extensions that report on the same files; both at once is two squiggles under one mistake. */
const RIVALS: Readonly<Record<string, string>> = {
  "ms-toolsai.prompty": "Prompty",
  "google.dotprompt-vscode": "Dotprompt",
  "google.promptly-vscode": "Promptly",
};

export function noticeRivals(context: vscode.ExtensionContext): void {
  const there = Object.keys(RIVALS).filter((id) => vscode.extensions.getExtension(id));
  const rival = there.find((id) => !context.globalState.get(`rival ${id}`));
  if (!rival) {
    return;
  }
  void context.globalState.update(`rival ${rival}`, true);
  const show = "Show it";
  void vscode.window
    .showInformationMessage(
      `The extension ${RIVALS[rival]} reports on the same files as promptls: disable one of them in a workspace to see each finding once.`,
      show,
    )
    .then((chosen) => chosen && vscode.commands.executeCommand("workbench.extensions.search", `@id:${rival}`));
}

/** A prompt file in a folder that is on no disk: the server could read nothing beside it, and is not asked. */
export function noticeVirtual(document: vscode.TextDocument): void {
  const { scheme } = document.uri;
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (told || scheme === "file" || !folders.some((folder) => folder.uri.scheme === scheme) || !isNamedAsOurs(document)) {
    return;
  }
  told = true;
  void vscode.window.showInformationMessage(
    "The files of this workspace are on no disk that promptls can read: open a clone of it to have them checked.",
  );
}

let told = false;
