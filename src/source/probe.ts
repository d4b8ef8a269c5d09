import { dayOfInstant, dayText, Failure, isFailure, type JsonObject } from "../domain/index.ts";
import { streams } from "./streams/index.ts";
import type {
  Capabilities,
  Known,
  Page,
  Probe,
  ProbeLine,
  ProbeOutcome,
  SourceClient,
  Stream,
  UpstreamRequest,
} from "./types.ts";

/** Endpoints that no stream reads yet, asked only to tell what the key could see. */
const BEYOND = {
  activity_feed: { title: "Activity Feed", path: "/v1/compliance/activities" },
  content_capture: { title: "Content of chats", path: "/v1/compliance/apps/chats" },
  enterprise_analytics: { title: "Enterprise analytics", path: "/v1/organizations/analytics/summaries" },
} as const satisfies Partial<Record<keyof Capabilities, { title: string; path: string }>>;

interface Asked {
  readonly line: ProbeLine;
  readonly page: Page | null;
  readonly failure: Failure | null;
}

type Ask = (name: string, title: string, request: UpstreamRequest) => Promise<Asked>;

/**
 * Asks every endpoint once, for as little as it gives, to tell what a key may read.
 *
 * An organization without any usage is as capable as a busy one: an empty answer counts as reachable.
 *
 * @param now our own clock, ms; upstream's date is taken where it is sent
 * @throws Failure `source.credential_refused` when the key is not accepted at all, and the failure of the first request
 * when no answer at all could be had.
 */
export async function probe(client: SourceClient, now: number, signal?: AbortSignal): Promise<Probe> {
  const asked = new Map<string, Asked>();
  const ask: Ask = async (name, title, request) => {
    const answer = await askOnce(client, name, title, request, signal);
    asked.set(name, answer);
    return answer;
  };
  // One by one at first: a key that is refused is refused here, and workspaces name the next questions.
  const me = await ask("organization", "Organization", { path: "/v1/organizations/me", query: [] });
  const upstreamNow = me.page?.facts.date ?? now;
  const yesterday = dayOfInstant(upstreamNow) - 1;
  const list = { path: "/v1/organizations/workspaces", query: [["limit", "1"]] as const };
  const workspaces = await ask("workspaces", "Workspaces", list);
  const workspaceIds = firstIds(workspaces.page);
  const known: Known = { organizationId: "probe", ids: (stream) => (stream === "workspaces" ? workspaceIds : []) };
  const rest = streams.filter(({ name }) => !asked.has(name));
  await Promise.all([
    ...rest.map((stream) => askStream(stream, known, yesterday, ask, asked)),
    ...Object.entries(BEYOND).map(([name, { title, path }]) => {
      const query =
        name === "enterprise_analytics"
          ? // Engagement of a day is there after about four.
            ([["starting_date", dayText(yesterday - 4)]] as const)
          : ([["limit", "1"]] as const);
      return ask(name, title, { path, query });
    }),
  ]);
  const answered = [...asked.values()];
  const organizationId =
    textOf(me.page?.body, "id") ?? answered.map(({ page }) => page?.facts.organizationId).find(Boolean);
  if (!organizationId)
    throw new Failure("source.not_permitted", { endpoint: "any endpoint", message: reasonOf(me.line) });
  const { capabilities, reasons } = flagsOf(asked);
  return {
    organizationId,
    organizationName: textOf(me.page?.body, "name") ?? "",
    lines: streams.flatMap(({ name }) => asked.get(name)?.line ?? []),
    capabilities,
    reasons,
    probedAt: upstreamNow,
  };
}

/** The smallest request of a stream: its first one, for one day, one entry long. */
async function askStream(
  stream: Stream,
  known: Known,
  yesterday: number,
  ask: Ask,
  asked: Map<string, Asked>,
): Promise<void> {
  const span = stream.shape.kind === "list" ? null : { from: yesterday, to: yesterday + 1 };
  const [request] = stream.requests({ stream: stream.name, span }, known);
  if (request === undefined) {
    // Members of no workspace: as reachable as the workspaces are.
    const workspaces = asked.get("workspaces");
    const line = workspaces && { ...workspaces.line, stream: stream.name, title: stream.title };
    if (line) asked.set(stream.name, { page: null, failure: workspaces.failure, line });
    return;
  }
  const query = request.query.map(([name, value]) => [name, name === "limit" ? "1" : value] as const);
  const small = { ...request, query };
  const { failure } = await ask(stream.name, stream.title, small);
  // A dimension that is refused does not make the stream unreachable: it is read without.
  const instead = failure && stream.onRefusal?.(small, failure)?.instead;
  if (instead) await ask(stream.name, stream.title, instead);
}

/** @throws Failure when it concerns every endpoint alike: then there is nothing to tell of the others. */
async function askOnce(
  client: SourceClient,
  stream: string,
  title: string,
  request: UpstreamRequest,
  signal: AbortSignal | undefined,
): Promise<Asked> {
  try {
    const page = await client.get(request, signal);
    const line = { stream, title, outcome: "reachable", reason: null, requestId: page.facts.requestId } as const;
    return { page, failure: null, line };
  } catch (thrown) {
    if (!isFailure(thrown) || concernsAll(thrown, stream)) throw thrown;
    const requestId = thrown.facts["requestId"];
    return {
      page: null,
      failure: thrown,
      line: {
        stream,
        title,
        outcome: outcomeOf(thrown),
        reason: `${thrown.message} ${thrown.hint}`,
        requestId: typeof requestId === "string" ? requestId : null,
      },
    };
  }
}

/**
 * A key that is refused is refused everywhere, except by the Compliance API, which says so of a wrong kind of key too.
 * Where not even the first question reaches the API, the others need not be asked.
 */
function concernsAll(failure: Failure, stream: string): boolean {
  if (failure.code === "source.credential_refused") return !Object.hasOwn(BEYOND, stream);
  return stream === "organization" && outcomeOf(failure) === "failed";
}

function outcomeOf(failure: Failure): ProbeOutcome {
  switch (failure.code) {
    case "source.not_permitted":
    case "source.credential_refused":
      return "refused";
    case "source.not_found":
    // A beta that the organization is not enrolled in answers so.
    case "source.bad_request":
      return "not_available";
    default:
      return "failed";
  }
}

function flagsOf(asked: ReadonlyMap<string, Asked>): Pick<Probe, "capabilities" | "reasons"> {
  const needs: Readonly<Record<Exclude<keyof Capabilities, "mcp_connector">, readonly string[]>> = {
    admin_api: ["users"],
    code_analytics: ["claude_code"],
    activity_feed: ["activity_feed"],
    content_capture: ["content_capture"],
    enterprise_analytics: ["enterprise_analytics"],
    usage_cost_analytics: ["analytics_usage", "analytics_cost"],
  };
  const lacking = (flag: keyof typeof needs) =>
    needs[flag].map((name) => asked.get(name)?.line).find((line) => line?.outcome !== "reachable");
  const has = (flag: keyof typeof needs) => lacking(flag) === undefined;
  const reasons: Partial<Record<keyof Capabilities, string>> = {};
  for (const flag of Object.keys(needs) as (keyof typeof needs)[]) {
    const line = lacking(flag);
    if (line) reasons[flag] = reasonOf(line);
  }
  return {
    capabilities: {
      admin_api: has("admin_api"),
      code_analytics: has("code_analytics"),
      activity_feed: has("activity_feed"),
      content_capture: has("content_capture"),
      // The MCP server is our own: it answers whatever the key can read.
      mcp_connector: true,
      enterprise_analytics: has("enterprise_analytics"),
      usage_cost_analytics: has("usage_cost_analytics"),
    },
    reasons,
  };
}

function reasonOf(line: ProbeLine): string {
  return line.reason ?? `${line.title} is not reachable.`;
}

function firstIds(page: Page | null): readonly string[] {
  const data = page?.body["data"];
  const [first] = Array.isArray(data) ? (data as readonly JsonObject[]) : [];
  const id = textOf(first, "id");
  return id === null ? [] : [id];
}

function textOf(object: JsonObject | undefined, member: string): string | null {
  const value = object?.[member];
  return typeof value === "string" ? value : null;
}
