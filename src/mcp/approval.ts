import { createHash } from "node:crypto";

import {
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  type ClientCapabilities,
  type InputRequiredResult,
  type RequestStateCodec,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";

import type { Random } from "../domain/index.ts";
import { safeText } from "./safe-texts.ts";
import type { ApprovalQuestion } from "./tool-call.ts";

const KEY = "approval";
const TTL_SECONDS = 300;

/** Thrown out of a tool where a person must be asked first; the host puts the question to the client. */
export class ApprovalNeeded {
  readonly question: ApprovalQuestion;
  readonly digest: string;

  constructor(question: ApprovalQuestion, digest: string) {
    this.question = question;
    this.digest = digest;
  }
}

export type ApprovalStates = RequestStateCodec<{ readonly digest: string }>;

/** Seals what was asked, so that an answer counts for it alone. One a process: its key lives as long. */
export function approvalStates(random: Random): ApprovalStates {
  return createRequestStateCodec({ key: random.bytes(32), ttlSeconds: TTL_SECONDS });
}

/**
 * The person's answer to this question, when the client brings one.
 *
 * @param bond caller, tool and arguments: another call needs another answer
 * @returns null where the client can show no question
 * @throws ApprovalNeeded where it was not asked yet
 */
export function answeredApproval(
  server: Server,
  ctx: ServerContext,
  question: ApprovalQuestion,
  bond: string,
): "approved" | "declined" | null {
  if (!canAsk(capabilitiesOf(server, ctx))) return null;
  const digest = createHash("sha256")
    .update(JSON.stringify([bond, question]))
    .digest("hex");
  const answer = inputResponse(ctx.mcpReq.inputResponses, KEY);
  const state = ctx.mcpReq.requestState<{ digest: string }>();
  if (answer.kind !== "elicit" || state?.digest !== digest) throw new ApprovalNeeded(question, digest);
  return answer.action === "accept" && answer.content?.["approve"] === true ? "approved" : "declined";
}

/** The question as the client shows it, in either way that revisions have for it. */
export async function askApproval(needed: ApprovalNeeded, states: ApprovalStates): Promise<InputRequiredResult> {
  const { question, digest } = needed;
  return inputRequired({
    inputRequests: {
      [KEY]: inputRequired.elicit({
        message: safeText([question.title, "", ...question.lines].join("\n")),
        requestedSchema: {
          type: "object",
          properties: { approve: { type: "boolean", title: "Do it", description: "Tick to approve exactly this." } },
          required: ["approve"],
        },
      }),
    },
    requestState: await states.mint({ digest }),
  });
}

function capabilitiesOf(server: Server, ctx: ServerContext): ClientCapabilities | undefined {
  // The envelope was read by the SDK, whose type for it lost the names of its members.
  const envelope: { readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities } | undefined = ctx.mcpReq.envelope;
  return envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
}

/** An empty capability is that of forms, as the first revision with questions had no other. */
function canAsk(capabilities: ClientCapabilities | undefined): boolean {
  const elicitation = capabilities?.elicitation;
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}
