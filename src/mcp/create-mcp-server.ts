import { ProtocolError, ProtocolErrorCode, Server, type ServerContext } from "@modelcontextprotocol/server";

import type { Permission } from "../access/index.ts";
import type { ApprovalStates } from "./approval.ts";
import type { NameKind } from "./completions.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import type { McpParts, McpSession } from "./parts.ts";
import { shelf as catalogs } from "./shelf.ts";
import { isThere, mayUse } from "./visible.ts";

/**
 * The server of one caller: for a connection on stdio, for a request over HTTP. It lists what they may use and nothing
 * else; what it loads to list is little, the rest comes with the first call.
 */
export function createMcpServer(parts: McpParts, session: McpSession, approvals: ApprovalStates): Server {
  const { version, shelf = catalogs } = parts;
  const server = new Server(
    { name: "bursar", title: "Bursar", version },
    {
      capabilities: { tools: {}, resources: {}, prompts: {}, completions: {}, logging: {} },
      instructions: INSTRUCTIONS,
      requestState: { verify: approvals.verify },
    },
  );
  const called = (ctx: ServerContext) => ({ parts, session, server, ctx, approvals });

  server.setRequestHandler("tools/list", async () => {
    const listed = await shelf.listed();
    return { tools: listed.filter((tool) => isThere(tool, parts) && mayUse(tool, session)).map(({ tool }) => tool) };
  });
  server.setRequestHandler("tools/call", async ({ params }, ctx) => {
    const tool = await shelf.find(params.name);
    if (tool === undefined || !isThere(tool, parts)) throw invalid("Unknown tool: there is none of this name here");
    const { callTool } = await import("./call-tool.ts");
    return callTool(called(ctx), tool, params.arguments);
  });

  server.setRequestHandler("resources/list", async () => ({
    resources: (await readable()).flatMap(({ uri, ...rest }) => (isTemplate(uri) ? [] : [{ uri, ...described(rest) }])),
  }));
  server.setRequestHandler("resources/templates/list", async () => ({
    resourceTemplates: (await readable()).flatMap(({ uri, ...rest }) =>
      isTemplate(uri) ? [{ uriTemplate: uri, ...described(rest) }] : [],
    ),
  }));
  server.setRequestHandler("resources/read", async ({ params }, ctx) => {
    const { readResource } = await import("./read-resource.ts");
    return readResource(called(ctx), params.uri);
  });

  server.setRequestHandler("prompts/list", async () => ({
    prompts: (await usable()).map(({ name, title, description, arguments: asked }) => ({
      name,
      title,
      description,
      arguments: asked.map(({ name: argument, title: called, description: about, required }) => ({
        name: argument,
        title: called,
        description: about,
        ...(required === undefined ? {} : { required }),
      })),
    })),
  }));
  server.setRequestHandler("prompts/get", async ({ params }) => {
    const prompt = (await usable()).find(({ name }) => name === params.name);
    if (prompt === undefined) throw invalid("Unknown prompt: there is none of this name here");
    const { promptText } = await import("./prompt-text.ts");
    const { protocolError } = await import("./failure-result.ts");
    try {
      return promptText(prompt, params.arguments ?? {});
    } catch (thrown) {
      throw protocolError(thrown, parts.log, "prompts/get");
    }
  });

  server.setRequestHandler("completion/complete", async ({ params }, ctx) => {
    const kind = await kindOf(params.ref, params.argument.name);
    if (kind === undefined) return { completion: { values: [], total: 0, hasMore: false } };
    const { completionsOf } = await import("./completions.ts");
    const { askingOf, openedFor } = await import("./asking.ts");
    const { protocolError } = await import("./failure-result.ts");
    try {
      const opened = await openedFor(session, ctx.mcpReq.signal);
      return { completion: await completionsOf(kind, params.argument.value, askingOf(opened)) };
    } catch (thrown) {
      throw protocolError(thrown, parts.log, "completion/complete");
    }
  });
  return server;

  async function readable() {
    return (await shelf.resources()).filter(isMine);
  }

  async function usable() {
    return (await shelf.prompts()).filter(isMine);
  }

  function isMine({ permission }: { readonly permission: Permission }): boolean {
    return mayUse({ permission }, session);
  }

  /** What an argument names; unknown references are an error, arguments that nothing completes are not. */
  async function kindOf(
    ref:
      | { readonly type: "ref/prompt"; readonly name: string }
      | { readonly type: "ref/resource"; readonly uri: string },
    argument: string,
  ): Promise<NameKind | undefined> {
    if (ref.type === "ref/prompt") {
      const prompt = (await usable()).find(({ name }) => name === ref.name);
      if (prompt === undefined) throw invalid("Unknown prompt: there is none of this name here");
      return prompt.arguments.find(({ name }) => name === argument)?.completes;
    }
    const resource = (await readable()).find(({ uri }) => uri === ref.uri);
    if (resource === undefined) throw invalid("Unknown resource: there is none of this address here");
    return resource.completes?.[argument];
  }
}

function described({
  name,
  title,
  description,
  mimeType,
}: Readonly<Record<"name" | "title" | "description" | "mimeType", string>>) {
  return { name, title, description, mimeType };
}

function isTemplate(uri: string): boolean {
  return uri.includes("{");
}

function invalid(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
