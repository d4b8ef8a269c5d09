import type { Permission } from "../access/index.ts";
import type { NameKind } from "./completions.ts";

/** A piece of work that a person starts: which questions to ask, in which order, and how to tell the answer. */
export interface McpPrompt {
  /** `snake_case`; clients show it as a command. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  /** Of its tools: whom it is no use to is not shown it. */
  readonly permission: Permission;
  /** What the model is asked. @param given the arguments, quoted already; absent ones are absent */
  text(given: Readonly<Partial<Record<string, string>>>): string;
}

export interface PromptArgument {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly required?: true;
  readonly completes?: NameKind;
}

export function definePrompt(prompt: McpPrompt): McpPrompt {
  return prompt;
}
