import { ResourceNotFoundError, type ReadResourceResult } from "@modelcontextprotocol/server";

import { Failure } from "../domain/index.ts";
import { csvOf } from "../operations/index.ts";
import { readAnswerUri } from "./answer-uri.ts";
import { askingOf, openedFor } from "./asking.ts";
import { noteEvent } from "./audit-call.ts";
import { readQuestion, runTool, type Called } from "./call-tool.ts";
import type { McpResource, ResourceContent } from "./define-resource.ts";
import { protocolError } from "./failure-result.ts";
import type { OpenedSession } from "./parts.ts";
import { addressTemplate } from "./resource-address.ts";
import { safeData } from "./safe-texts.ts";
import { shelf as catalogs } from "./shelf.ts";
import { wholeAnswer } from "./tool-result.ts";
import { isThere } from "./visible.ts";

/** Of one resource: beyond it a client's memory is not ours to fill. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Reads a resource as the caller and leaves the record of it in the ledger. */
export async function readResource(called: Called, uri: string): Promise<ReadResourceResult> {
  const { parts, session, ctx } = called;
  try {
    const found = await find(called, uri);
    if (found === null) throw new ResourceNotFoundError(uri, "There is no resource at this address");
    const opened = await openedFor(session, ctx.mcpReq.signal);
    const { name, mimeType } = found;
    const text = await found.read(opened);
    if (Buffer.byteLength(text) > MOST_BYTES) {
      const problem = `gives more than ${MOST_BYTES} bytes`;
      throw new Failure("input.invalid", { field: "uri", problem, remedy: "Ask for fewer days, or with conditions." });
    }
    await noteEvent(opened.context, "mcp.read", { transport: parts.transport, resource: name });
    return { contents: [{ uri, mimeType, text }] };
  } catch (thrown) {
    throw protocolError(thrown, parts.log, "resources/read");
  }
}

interface Found {
  readonly name: string;
  readonly mimeType: string;
  read(opened: OpenedSession): Promise<string>;
}

async function find(called: Called, uri: string): Promise<Found | null> {
  const answer = readAnswerUri(uri);
  if (answer !== null) return answerOf(called, answer);
  const { shelf = catalogs } = called.parts;
  for (const resource of await shelf.resources()) {
    const members = addressTemplate(resource.uri).membersIn(uri);
    if (members !== null) {
      const { name, mimeType } = resource;
      return { name, mimeType, read: (opened) => readAs(resource, members, opened) };
    }
  }
  return null;
}

async function readAs(
  resource: McpResource,
  members: Readonly<Record<string, string>>,
  opened: OpenedSession,
): Promise<string> {
  const { permission } = resource;
  if (!opened.context.caller.permissions.has(permission)) throw new Failure("access.forbidden", { permission });
  return written(await resource.read(askingOf(opened), members));
}

function written(content: ResourceContent): string {
  if ("text" in content) return content.text;
  if ("data" in content) return JSON.stringify(safeData(content.data));
  // An array of objects stays one.
  return csvOf(safeData(content.rows) as Record<string, unknown>[]);
}

/** What a tool answers, asked again and given whole. Only what reads can be asked so. */
async function answerOf(called: Called, answer: NonNullable<ReturnType<typeof readAnswerUri>>): Promise<Found | null> {
  const { parts } = called;
  const tool = await (parts.shelf ?? catalogs).find(answer.tool);
  if (tool === undefined || tool.effect !== "read" || !isThere(tool, parts)) return null;
  return {
    name: `answer of ${tool.name}`,
    mimeType: answer.form === "csv" ? "text/csv" : "application/json",
    async read(opened) {
      const question = readQuestion(tool, answer.input, opened.context);
      return wholeAnswer(tool, await runTool(called, opened, question), answer.form);
    },
  };
}
