import { Failure } from "../domain/index.ts";
import type { Tool } from "./define-tool.ts";

const MOST_LENGTH = 4_000;

/** Resources that ask a tool's question again and give the answer whole: nothing is kept for them. */
export interface AnswerUri {
  readonly tool: string;
  readonly form: "csv" | "json";
  readonly input: unknown;
}

/** Null for a question that is too long for an address. */
export function answerUri(
  { name, list }: Pick<Tool, "name" | "list">,
  input: Readonly<Record<string, unknown>>,
): { readonly uri: string; readonly form: "csv" | "json" } | null {
  const form = list === undefined ? "json" : "csv";
  const q = Buffer.from(JSON.stringify(input)).toString("base64url");
  return q.length > MOST_LENGTH ? null : { uri: `bursar://answers/${name}.${form}?q=${q}`, form };
}

/** @returns null for an address of something else. @throws Failure `input.invalid` when it is no question. */
export function readAnswerUri(uri: string): AnswerUri | null {
  const [, tool, form, q] = /^bursar:\/\/answers\/([a-z_]+)\.(csv|json)\?q=([A-Za-z0-9_-]*)$/.exec(uri) ?? [];
  if (tool === undefined || q === undefined) return null;
  try {
    const input = JSON.parse(Buffer.from(q, "base64url").toString("utf8")) as unknown;
    return { tool, form: form === "csv" ? "csv" : "json", input };
  } catch {
    throw new Failure("input.invalid", {
      field: "uri",
      problem: "has no question that can be read",
      remedy: "Take the address from a tool's answer as it stands.",
    });
  }
}
