import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import {
  catalog,
  changeConfirmed,
  runOperation,
  type ChangeShown,
  type OperationContext,
} from "../../operations/index.ts";
import { defineTool, type Tool, type ToolAnswer } from "../define-tool.ts";
import type { ToolCall } from "../tool-call.ts";
import { changeText, questionOf } from "./change-text.ts";

/** What every tool that changes something takes besides. */
const STEPS = {
  organization: z.string().optional(),
  confirmation: z.string().optional(),
} as const;

const output = z.object({
  state: z.string(),
  id: z.string(),
  confirmation: z.string().optional(),
  approveAt: z.string().optional(),
  steps: z.array(z.looseObject({})),
});

type Data = z.output<typeof output>;

/** How a tool's own words become a change. */
export interface ChangeToolSpec<Shape extends z.ZodRawShape> {
  readonly name: string;
  readonly title: string;
  /** What it does. That it takes two steps is added. */
  readonly description: string;
  readonly effect: "change" | "destroy";
  readonly kind: string;
  readonly input: Shape;
  /**
   * The arguments as Anthropic has them, and what was understood otherwise than it was written. It is asked again with the
   * confirmation, which counts for the same arguments only.
   */
  readonly translate: (input: z.output<z.ZodObject<Shape>>, asked: Asked) => Translated | Promise<Translated>;
}

/** Where the arguments are worked out rather than given: who asks, and about which organization. */
export interface Asked {
  readonly call: ToolCall;
  readonly organization: string | undefined;
}

export interface Translated {
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly notes?: readonly string[];
}

/**
 * A tool that changes something at Anthropic, in two steps: without a confirmation it answers with the dry run; with it,
 * it asks a person, and executes once they approved.
 */
export function changeTool<Shape extends z.ZodRawShape>(spec: ChangeToolSpec<Shape>): Tool {
  const { name, title, description, effect, kind, translate } = spec;
  const tool = defineTool({
    name,
    title,
    description: `${description} Dry run first; the same call with its confirmation asks a person.`,
    input: z.object({ ...spec.input, ...STEPS }),
    output,
    permission: "manage",
    effect,
    async run(call, input) {
      const { organization, confirmation, ...own } = input as z.output<z.ZodObject<typeof STEPS>> &
        Record<string, unknown>;
      // Read by the tool's own shape just now.
      const { arguments: given, notes = [] } = await translate(own as z.output<z.ZodObject<Shape>>, {
        call,
        organization,
      });
      const order = { kind, arguments: withoutGaps(given), organization };
      const answer =
        confirmation === undefined ? await plan(call, order) : await execute(call, { ...order, confirmation });
      return { ...answer, notes: [...(answer.notes ?? []), ...notes] };
    },
  });
  return tool;
}

interface Order {
  readonly kind: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly organization: string | undefined;
}

async function plan(call: ToolCall, order: Order): Promise<ToolAnswer<Data>> {
  const { change, confirmation, page } = await runOperation(doorOf(call), await catalog.planChange(), order);
  const approveAt = call.pageUrl(page);
  return {
    text: changeText(change, [
      "Nothing has been changed. Show this to the person you work for.",
      `To go on: the same call with confirmation ${confirmation}, before ${change.expiresAt}. A person then approves it when the client asks them, or at ${approveAt}.`,
    ]),
    data: dataOf(change, { confirmation, approveAt }),
  };
}

async function execute(call: ToolCall, order: Order & { confirmation: string }): Promise<ToolAnswer<Data>> {
  const context = doorOf(call);
  const { id, state, steps } = await changeConfirmed(context, order);
  const approveAt = call.pageUrl(`/changes/${id}`);
  if (state === "planned") {
    const planned = await runOperation(context, await catalog.getChange(), { id });
    const answered = await call.approve(questionOf(planned));
    if (answered === null) {
      return {
        text: changeText(planned, [
          `Nothing has been changed. Your client can show no question, so a person approves it at ${approveAt}, before ${planned.expiresAt}.`,
          "Once they did, the same call with the same confirmation executes it.",
        ]),
        data: dataOf(planned, { confirmation: order.confirmation, approveAt }),
      };
    }
    // The surface saw a person answer: that, and nothing the model sent, is the approval.
    const asked: OperationContext = { ...context, personAnswered: "elicitation" };
    if (answered === "declined") {
      const declined = await runOperation(asked, await catalog.declineChange(), { id });
      return {
        text: changeText(declined, ["A person declined it. Nothing has been changed."]),
        data: dataOf(declined),
      };
    }
    await runOperation(asked, await catalog.approveChange(), { id });
  }
  call.progress(0, steps.length, "sending the change");
  const ended = await runOperation(context, await catalog.executeChange(), order);
  if (ended.state === "refused") throw refusedOf(ended);
  return { text: changeText(ended, []), data: dataOf(ended) };
}

/** What was refused is told as the tool's own error. */
function refusedOf({ steps }: ChangeShown): Failure {
  const outcome = steps.find(({ state }) => state === "refused")?.outcome;
  const problem = (outcome?.says ?? "It was refused; nothing was changed").replace(/\.$/, "");
  return new Failure("changes.not_possible", { problem, remedy: "Correct what it is about, and plan it again." });
}

/** Confirmations that were given here count here alone. */
function doorOf({ context, signal }: ToolCall): OperationContext {
  return { ...context, signal, door: "mcp" };
}

function dataOf(change: ChangeShown, open: Partial<Pick<Data, "confirmation" | "approveAt">> = {}): Data {
  return {
    state: change.state,
    id: change.id,
    ...open,
    steps: change.steps.map(({ request, before, after, consequences, isReversible, outcome }) => ({
      request,
      before,
      after,
      consequences,
      isReversible,
      ...(outcome === null ? {} : { outcome }),
    })),
  };
}

/** What was left out is not an argument. */
function withoutGaps(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
