/** What is said once: the first steps, that another extension checks the same files, that a folder is on no disk. */
import * as vscode from "vscode";
import { isNamedAsOurs } from "./about";

/** Extensions that report on the same files; both at once is two squiggles under one mistake. */
const RIVALS: Readonly<Record<string, string>> = {
  "ms-toolsai.prompty": "Prompty",
  "google.dotprompt-vscode": "Dotprompt",
};

/** The first steps, at the first start that finds no text in front; VS Code shows them only where it installs. */
export function welcome(context: vscode.ExtensionContext): void {
  const wanted = vscode.workspace.getConfiguration("workbench.welcomePage.walkthroughs").get("openOnInstall", true);
  if (!wanted || vscode.window.activeTextEditor || context.globalState.get("welcomed")) {
    return;
  }
  void context.globalState.update("welcomed", true);
  void vscode.commands.executeCommand("promptls.ui.walkthrough");
}

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
