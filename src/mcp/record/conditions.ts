import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import type { Condition, Question } from "../../metrics/index.ts";
import { catalog } from "../../operations/index.ts";
import type { ToolCall } from "../tool-call.ts";
import { quoted } from "./words.ts";

/** What narrows a question. */
export const where = z.array(z.string()).optional().describe("model=opus, team=null; one dimension twice: either");

export interface Conditions {
  readonly where: readonly Condition[];
  readonly notes: readonly string[];
}

type Asked = Pick<Question, "metric" | "from" | "to" | "kind">;

/**
 * Reads conditions, and what people say for ids: `model=opus` is the family, `model=opus 4.5` every model of that
 * name, a workspace may be given by its name. What was understood so is told.
 *
 * @throws Failure `input.invalid` naming the condition; `input.unknown_value` for a workspace that is not there.
 */
export async function conditionsOf(
  call: ToolCall,
  texts: readonly string[] | undefined,
  asked: Asked,
): Promise<Conditions> {
  const found: Condition[] = [];
  const notes: string[] = [];
  for (const text of texts ?? []) {
    const condition = conditionOf(text);
    const read = await understood(call, condition, asked);
    if (read !== null) notes.push(`${condition.dimension}=${quoted(condition.value)} is read as ${words(read)}.`);
    found.push(...(read ?? [condition]));
  }
  return { where: found, notes };
}

function conditionOf(text: string): Condition {
  const at = text.indexOf("=");
  if (at < 1) {
    const remedy = "Write dimension=value, for example model=opus.";
    throw new Failure("input.invalid", { field: "where", problem: "is not dimension=value", remedy });
  }
  const value = text.slice(at + 1).trim();
  return { dimension: text.slice(0, at).trim(), value: value === "null" ? null : value };
}

async function understood(call: ToolCall, condition: Condition, asked: Asked): Promise<Condition[] | null> {
  const { dimension, value } = condition;
  if (value === null) return null;
  if (dimension === "model") return modelsNamed(call, value, asked);
  if (dimension === "workspace" && !value.startsWith("wrkspc_")) return workspaceNamed(call, value);
  return null;
}

/** `Opus`, `claude-sonnet` are families; other words every model whose id has them in this order. */
async function modelsNamed(call: ToolCall, value: string, asked: Asked): Promise<Condition[] | null> {
  const parts =
    value
      .toLowerCase()
      .match(/[a-z]+|\d+/g)
      ?.filter((part) => part !== "claude") ?? [];
  const [only] = parts;
  if (only === undefined) return null;
  if (parts.length === 1 && /^[a-z]+$/.test(only)) return [{ dimension: "model_family", value: only }];
  const { from, to, kind, metric } = asked;
  const { rows } = await call.ask(await catalog.report(), { metric, from, to, kind, by: ["model"] });
  const ids = rows.flatMap(({ model }) => (typeof model === "string" ? [model] : []));
  if (ids.includes(value)) return null;
  const alike = ids.filter((id) => `-${id.toLowerCase()}-`.includes(`-${parts.join("-")}-`));
  return alike.length === 0 ? null : alike.map((id) => ({ dimension: "model", value: id }));
}

async function workspaceNamed(call: ToolCall, name: string): Promise<Condition[]> {
  const { rows } = await call.ask(await catalog.listWorkspaces(), {});
  const wanted = name.toLowerCase();
  const found = rows.filter((row) => row.name.toLowerCase() === wanted);
  if (found.length > 0) return found.map(({ workspaceId }) => ({ dimension: "workspace", value: workspaceId }));
  const choices = rows.map((row) => quoted(row.name)).slice(0, 20);
  throw new Failure("input.unknown_value", { field: "workspace", value: name, choices: choices.join(", ") });
}

function words(conditions: readonly Condition[]): string {
  return conditions.map(({ dimension: id, value }) => `${id}=${quoted(value)}`).join(" or ");
}
