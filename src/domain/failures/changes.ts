import { refused, type FailureKind } from "./failure-kind.ts";

/** What stands between an order and a change at Anthropic. */
export const CHANGES_FAILURES = {
  "changes.off": {
    ...refused,
    status: 403,
    says: "Changing anything at Anthropic is switched off here.",
    hint: "Start Bursar with BURSAR_ALLOW_WRITES=1; see docs/guides/changes.md.",
  },
  "changes.above_own_role": {
    ...refused,
    status: 403,
    says: "role: {role} is more than your own role at Anthropic allows you to give ({own}).",
    hint: "Choose a lower role, or ask somebody whose own role there is as high.",
  },
  "changes.last_admin": {
    ...refused,
    status: 409,
    says: "This is the last admin of the organization, and stays.",
    hint: "Make somebody else an admin in the Console first.",
  },
  "changes.protected": {
    ...refused,
    status: 403,
    says: "{what} is protected: nothing here may change it.",
    hint: "Whoever may change settings can take it off the list of what is protected (Settings).",
  },
  "changes.not_possible": {
    ...refused,
    status: 409,
    says: "{problem}.",
    hint: "{remedy}",
  },
  "changes.not_there": {
    ...refused,
    status: 404,
    says: "{field}: Anthropic has no {what} of this id.",
    hint: "Look at the list again: it may have been removed meanwhile.",
  },
  "changes.confirmation": {
    ...refused,
    status: 403,
    says: "confirmation: {problem}.",
    hint: "Plan the change again, and use the confirmation that this answers with.",
  },
  "changes.not_approved": {
    ...refused,
    status: 409,
    says: "No person has approved this change yet.",
    hint: "A person opens /changes/{id} on the dashboard and approves it (or runs bursar change approve {id}); then send the same again before {until}.",
  },
  "changes.person_needed": {
    ...refused,
    status: 403,
    says: "Only a person can approve a change, and this did not come from one.",
    hint: "A person opens /changes/{id} on the dashboard and approves it, or runs bursar change approve {id} at a terminal.",
  },
  "changes.decided": {
    ...refused,
    status: 409,
    says: "This change is {state} already.",
    hint: "Plan it again if it is still wanted.",
  },
} as const satisfies Record<string, FailureKind>;
