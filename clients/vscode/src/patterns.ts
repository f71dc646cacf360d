/** The files that are served, as `make clients` wrote them: no other place here knows the name of a prompt file. */
import type { DocumentSelector } from "vscode-languageclient/node";
import known from "./patterns.json";

export const patterns: readonly string[] = known.flatMap(({ patterns, paths }) => [...patterns, ...paths]);

/** By name, so that a language which another extension gives a file is served as well; new files by language. */
export const selector: DocumentSelector = [
  ...patterns.map((pattern) => ({ scheme: "file", pattern: `**/${pattern}` })),
  ...known.filter((language) => !language.builtin).map(({ id }) => ({ scheme: "untitled", language: id })),
];
