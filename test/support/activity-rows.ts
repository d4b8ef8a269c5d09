/** Rows of the Claude Code report, members and invitations, for tests about who did what when. */
import { dayText } from "../../src/domain/index.ts";
import type { DayNumber } from "../../src/domain/index.ts";
import { ORGANIZATION } from "./metrics-store.ts";
import type { TestRecord } from "./metrics-store.ts";

interface Deeds {
  readonly terminal?: string;
  readonly sessions?: number;
  readonly added?: number;
  readonly removed?: number;
  readonly commits?: number;
  readonly pullRequests?: number;
  readonly accepted?: number;
  readonly rejected?: number;
  readonly tokens?: number;
}

/** One day of one actor; a session and nothing else unless told. */
export function activityRow(day: DayNumber, actor: string, deeds: Deeds = {}): TestRecord {
  const { terminal = "vscode", sessions = 1, added = 0, removed = 0, commits = 0, pullRequests = 0 } = deeds;
  const { accepted = 0, rejected = 0, tokens = 10 } = deeds;
  return {
    day,
    key: [ORGANIZATION, dayText(day), actor, terminal],
    data: {
      date: `${dayText(day)}T00:00:00Z`,
      organization_id: ORGANIZATION,
      actor: actor.includes("@")
        ? { type: "user_actor", email_address: actor }
        : { type: "api_actor", api_key_name: actor },
      customer_type: "api",
      subscription_type: null,
      terminal_type: terminal,
      is_remote: false,
      core_metrics: {
        num_sessions: sessions,
        lines_of_code: { added, removed },
        commits_by_claude_code: commits,
        pull_requests_by_claude_code: pullRequests,
      },
      tool_actions: accepted + rejected === 0 ? {} : { edit_tool: { accepted, rejected } },
      model_breakdown: [
        {
          model: "claude-opus-5-5",
          tokens: { input: tokens, output: 0, cache_read: 0, cache_creation: 0 },
          estimated_cost: { amount: 1, currency: "USD" },
        },
      ],
    },
  };
}

export function memberRow(email: string, addedOn: DayNumber, role = "developer"): TestRecord {
  const id = `user_${email}`;
  const data = { id, email, name: email, role, added_at: `${dayText(addedOn)}T10:00:00Z`, type: "user" };
  return { day: null, key: [ORGANIZATION, id], data };
}

export function inviteRow(
  email: string,
  invitedOn: DayNumber,
  acceptedOn: DayNumber | null,
  status: string,
): TestRecord {
  const id = `invite_${email}`;
  return {
    day: null,
    key: [ORGANIZATION, id],
    data: {
      id,
      type: "invite",
      email,
      role: "developer",
      status,
      invited_at: `${dayText(invitedOn)}T10:00:00Z`,
      expires_at: `${dayText(invitedOn + 21)}T10:00:00Z`,
      ...(acceptedOn === null ? {} : { accepted_at: `${dayText(acceptedOn)}T10:00:00Z` }),
    },
  };
}

/** Somebody of the roster. */
export function rosterRow(
  email: string,
  team: string | null = null,
  [startsOn, endsOn]: readonly [DayNumber | null, DayNumber | null] = [null, null],
) {
  return {
    personId: `p_${email}`,
    name: email,
    emails: [email],
    team,
    costCentre: null,
    manager: null,
    startsOn,
    endsOn,
    inRoster: true,
  };
}
