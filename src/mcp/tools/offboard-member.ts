import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { catalog } from "../../operations/index.ts";
import { changeTool } from "../changes/change-tool.ts";

/** The series that `offboardPlan` proposes, under one approval; keys that are in use are ended only when they are named. */
export const offboardMember = changeTool({
  name: "claude_code_offboard_member",
  title: "Off-board somebody",
  description: "Withdraws somebody's invites, removes them, and makes unused keys of theirs inactive.",
  effect: "destroy",
  kind: "offboard_member",
  input: {
    person: z.string().describe("id or e-mail"),
    deactivate_keys: z.array(z.string()).optional().describe("ids of keys in use, too"),
  },
  async translate({ person, deactivate_keys: named = [] }, { call, organization }) {
    const { proposed, consequences, keys } = await call.ask(await catalog.offboardPlan(), { person, organization });
    const stranger = named.findIndex((id) => !keys.some(({ keyId }) => keyId === id));
    if (stranger >= 0) throw notTheirs(`deactivate_keys.${stranger}`);
    // A key that ends with the membership would not be there any more.
    const isLeaving = proposed?.arguments.user_id !== undefined;
    const staying = keys.filter(({ diesWithMembership }) => !isLeaving || !diesWithMembership);
    const ending = staying.filter(({ keyId, isProposed }) => isProposed || named.includes(keyId));
    const left = staying.filter((key) => key.status === "active" && !ending.includes(key));
    if (proposed === null && ending.length === 0) {
      const [why = ""] = consequences;
      throw new Failure("changes.not_possible", {
        problem: `There is nothing to end. ${why}`.replace(/\.?\s*$/, ""),
        remedy: "Name the keys that are to be ended, or somebody else.",
      });
    }
    return {
      // In an order of their own, so that the same call is the same order a minute later.
      arguments: { ...proposed?.arguments, deactivate_keys: ending.map(({ keyId }) => keyId).toSorted() },
      notes: [...consequences, ...left.map(({ keyId, breaks }) => `Key ${keyId} is not ended. ${breaks}`)],
    };
  },
});

function notTheirs(field: string): Failure {
  return new Failure("input.invalid", {
    field,
    problem: "is no key that they made, own, or that acts as them",
    remedy: "Other keys are ended by claude_code_update_api_key.",
  });
}
