/** The item in the status bar: what a run would call, how long the prompt is, how the server is. */
import * as vscode from "vscode";
import type { About, Watcher } from "./about";
import type { Server } from "./server/server";

export function showStatus(server: Server, watcher: Watcher): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("promptls", vscode.StatusBarAlignment.Right, 100);
  item.name = "promptls";
  const draw = (): void => {
    const about = watcher.about;
    item.text = words(server, about);
    item.tooltip = tooltip(server, about);
    item.command = server.health === "failed" ? "promptls.ui.restart" : "promptls.ui.menu";
    const failed = server.health === "failed";
    item.backgroundColor = failed ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    item.accessibilityInformation = { label: `promptls: ${server.health}` };
    if (server.health === "stopped" || (server.health === "running" && !about)) {
      item.hide();
    } else {
      item.show();
    }
  };
  draw();
  return vscode.Disposable.from(item, server.onHealth(draw), watcher.onAbout(draw));
}

function words(server: Server, about: About | undefined): string {
  switch (server.health) {
    case "starting":
      return "$(loading~spin) promptls";
    case "stopped":
    case "failed":
      return "$(error) promptls";
    case "running": {
      const target = about?.run.split(" · ").slice(1).join(" · ").replace(/ \(.*\)$/, "");
      const icon = about?.stops ? "$(sync~spin)" : "$(comment-discussion)";
      return [`${icon} ${target || "promptls"}`, about?.tokens].filter(Boolean).join(" · ");
    }
  }
}

function tooltip(server: Server, about: About | undefined): string {
  const place = server.place ? `${server.place.command} (${server.place.why})` : "not found yet";
  const trust = vscode.workspace.isTrusted ? "" : "\nThis workspace is not trusted: nothing is rendered or run.";
  return [about?.run, `promptls ${server.version} · ${server.health}`, `Server: ${place}`].filter(Boolean).join("\n") + trust;
}
