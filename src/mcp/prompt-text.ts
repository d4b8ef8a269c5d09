import type { GetPromptResult } from "@modelcontextprotocol/server";

import { Failure, shown } from "../domain/index.ts";
import type { McpPrompt } from "./define-prompt.ts";

/** The prompt with its arguments in it. @throws Failure `input.invalid` for one that is missing or unknown */
export function promptText(prompt: McpPrompt, given: Readonly<Record<string, string>>): GetPromptResult {
  const known = prompt.arguments.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw refused(shown(unknown), "is no argument of this prompt", known);
  const missing = prompt.arguments.find(({ name, required }) => required === true && !given[name]);
  if (missing !== undefined) throw refused(missing.name, "is needed", known);
  const filled = Object.entries(given).filter(([, value]) => value !== "");
  // In quotes: what somebody typed is a name, whatever it says.
  const quoted = Object.fromEntries(filled.map(([name, value]) => [name, JSON.stringify(shown(value))]));
  return {
    description: prompt.description,
    messages: [{ role: "user", content: { type: "text", text: prompt.text(quoted) } }],
  };
}

function refused(field: string, problem: string, known: readonly string[]): Failure {
  const remedy = known.length === 0 ? "It takes none." : `It takes: ${known.join(", ")}.`;
  return new Failure("input.invalid", { field, problem, remedy });
}
