/** What the official conformance suite wants to find on a server, as far as ours has anything of the kind. */
import { z } from "zod";

import { Failure } from "../../src/domain/index.ts";
import { definePrompt } from "../../src/mcp/define-prompt.ts";
import { defineResource } from "../../src/mcp/define-resource.ts";
import { defineTool, type Tool } from "../../src/mcp/define-tool.ts";
import { prompts } from "../../src/mcp/prompts/index.ts";
import { resources } from "../../src/mcp/resources/index.ts";
import { shelfOf } from "../../src/mcp/shelf.ts";
import { tools } from "../../src/mcp/tools/index.ts";

const empty = z.object({});
type Run = Tool<typeof empty, typeof empty>["run"];

function fixture(name: string, run: Run): Tool {
  const title = name.replaceAll("_", " ");
  const description = "Of the conformance suite.";
  return defineTool({
    name,
    title,
    description,
    input: empty,
    output: empty,
    permission: "read",
    effect: "order",
    run,
  });
}

/** Asks a person, and says what they said. */
const asking: Run = async ({ approve }) => {
  const answer = await approve({ title: "Please confirm", lines: ["Of the conformance suite."] });
  return { text: `The answer was ${answer}: state-ok.`, data: {} };
};

const fixtureTools: readonly Tool[] = [
  fixture("test_simple_text", async () => ({ text: "This is a simple text response for testing.", data: {} })),
  fixture("test_error_handling", async () => {
    const problem = "intentionally returns an error for testing";
    throw new Failure("input.invalid", { field: "This tool", problem, remedy: "Nothing." });
  }),
  fixture("test_tool_with_progress", async ({ progress }) => {
    for (const done of [0, 50, 100]) progress(done, 100, `${done} of 100`);
    return { text: "Done.", data: {} };
  }),
  // What goes wrong is told as a message too, to who asked for messages.
  fixture("test_logging_tool", async () => {
    throw new Failure("input.invalid", { field: "This tool", problem: "fails", remedy: "Nothing." });
  }),
  fixture("test_streaming_elicitation", asking),
  fixture("test_input_required_result_elicitation", asking),
  fixture("test_input_required_result_request_state", asking),
  fixture("test_input_required_result_tampered_state", asking),
];

const fixtureResources = [
  defineResource({
    name: "test-static-text",
    uri: "test://static-text",
    title: "Static text",
    description: "Of the conformance suite.",
    mimeType: "text/plain",
    permission: "read",
    read: async () => ({ text: "This is the content of the static text resource." }),
  }),
  defineResource({
    name: "test-template",
    uri: "test://template/{id}/data",
    title: "Template",
    description: "Of the conformance suite.",
    mimeType: "application/json",
    permission: "read",
    read: async (_, { id }) => ({ data: { id, templateTest: true, data: `Data for ID: ${id}` } }),
  }),
];

const fixturePrompts = [
  definePrompt({
    name: "test_simple_prompt",
    title: "Simple prompt",
    description: "Of the conformance suite.",
    permission: "read",
    arguments: [],
    text: () => "This is a simple prompt for testing.",
  }),
  definePrompt({
    name: "test_prompt_with_arguments",
    title: "Prompt with arguments",
    description: "Of the conformance suite.",
    permission: "read",
    arguments: [
      { name: "arg1", title: "First", description: "the first", completes: "metric" },
      { name: "arg2", title: "Second", description: "the second" },
    ],
    text: ({ arg1, arg2 }) => `Prompt with arguments: arg1=${arg1}, arg2=${arg2}`,
  }),
];

/** Our own catalogs with the fixtures behind them. */
export const conformanceShelf = shelfOf({
  tools: async () => [...tools, ...fixtureTools],
  resources: async () => [...resources, ...fixtureResources],
  prompts: async () => [...prompts, ...fixturePrompts],
});
