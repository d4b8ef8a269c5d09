import { Problem, problemReply } from "../server/problem.ts";
import type { Reply } from "../server/reply.ts";
import type { FaultKind, Occasion } from "./fault.ts";
import { FaultError, numberParam } from "./fault.ts";

const BUSY = "This request would exceed your organization's rate limit. Please try again later.";

/** Without any header of the limiter unless given: a client must not count on them. */
function refuse(
  { call }: Occasion,
  status: number,
  message: string,
  options: ConstructorParameters<typeof Problem>[2] = {},
): Reply {
  return problemReply(new Problem(status, message, options), call.requestId);
}

const ODD_WAITS = ["-1", "1.5", "garbage", "99999999999", ""] as const;
const SERVER_ERRORS = [500, 502, 503, 504, 408] as const;

export const statusFaults: readonly FaultKind[] = [
  {
    id: "F01",
    name: "rate-limited",
    description: "429 with retry-after in seconds",
    side: "upstream",
    times: 1,
    params: {
      seconds: "how long to wait, 7 by default",
      header: "retry-after (default), or reset for anthropic-ratelimit-requests-reset alone, as seen live",
    },
    answer: (occasion) => {
      const seconds = numberParam(occasion.params, "seconds", 7);
      const header = occasion.params["header"] ?? "retry-after";
      if (header === "retry-after") return refuse(occasion, 429, BUSY, { headers: { [header]: String(seconds) } });
      if (header !== "reset") throw new FaultError("parameter header should be retry-after or reset");
      const reset = new Date(occasion.now + seconds * 1000).toISOString();
      return refuse(occasion, 429, BUSY, { headers: { "anthropic-ratelimit-requests-reset": reset } });
    },
  },
  {
    id: "F02",
    name: "rate-limited-until",
    description: "429 with retry-after as an HTTP date",
    side: "upstream",
    times: 1,
    params: { seconds: "how far ahead the date lies, 7 by default" },
    answer: (occasion) => {
      const until = occasion.now + numberParam(occasion.params, "seconds", 7) * 1000;
      return refuse(occasion, 429, BUSY, { headers: { "retry-after": new Date(until).toUTCString() } });
    },
  },
  {
    id: "F03",
    name: "odd-retry-after",
    description: "429 whose retry-after is -1, 1.5, garbage, 99999999999 or absent, in turn",
    side: "upstream",
    times: ODD_WAITS.length,
    params: { value: "one value for all; empty for an absent header" },
    answer: (occasion) => {
      const value = occasion.params["value"] ?? ODD_WAITS[occasion.nth % ODD_WAITS.length] ?? "";
      return refuse(occasion, 429, BUSY, value === "" ? {} : { headers: { "retry-after": value } });
    },
  },
  {
    id: "F04",
    name: "spend-limit-reached",
    description: "429 because a spend limit is reached, without retry-after",
    side: "upstream",
    answer: (occasion) =>
      refuse(
        occasion,
        429,
        `You have reached your specified API usage limits. You will regain access on ${nextMonth(occasion.now)} at 00:00 UTC.`,
        { code: "enforced_spend_limit_reached", headers: { "x-should-retry": "false" } },
      ),
  },
  {
    id: "F05",
    name: "rate-limited-forever",
    description: "429 without end",
    side: "upstream",
    params: { seconds: "value of retry-after, 1 by default" },
    answer: (occasion) =>
      refuse(occasion, 429, BUSY, {
        headers: { "retry-after": String(numberParam(occasion.params, "seconds", 1)) },
      }),
  },
  {
    id: "F06",
    name: "overloaded",
    description: "529 three times",
    side: "upstream",
    times: 3,
    answer: (occasion) => refuse(occasion, 529, "Overloaded"),
  },
  {
    id: "F07",
    name: "server-error",
    description: "500, 502, 503, 504 and 408 in turn",
    side: "upstream",
    times: SERVER_ERRORS.length,
    params: { status: "one status for all" },
    answer: (occasion) => {
      const turn = SERVER_ERRORS[occasion.nth % SERVER_ERRORS.length] ?? 500;
      const status = numberParam(occasion.params, "status", turn);
      if (status < 400 || status > 599) throw new FaultError("parameter status should be between 400 and 599");
      return refuse(occasion, status, "Internal server error");
    },
  },
  {
    id: "F08",
    name: "bad-request",
    description: "400 invalid_request_error",
    side: "upstream",
    answer: (occasion) =>
      refuse(occasion, 400, "starting_at: the emulator was told to refuse this request", {
        headers: { "x-should-retry": "false" },
      }),
  },
  {
    id: "F11",
    name: "forbidden",
    description: "403 permission_error; aim it at one stream with match",
    side: "upstream",
    answer: (occasion) => refuse(occasion, 403, "Your organization does not have access to this endpoint"),
  },
  {
    id: "F12",
    name: "missing-endpoint",
    description: "404 not_found_error; aim it at one stream with match",
    side: "upstream",
    answer: (occasion) => refuse(occasion, 404, "Not found"),
  },
  {
    id: "F13",
    name: "billing-error",
    description: "402 billing_error",
    side: "upstream",
    answer: (occasion) => refuse(occasion, 402, "There is a problem with your organization's billing"),
  },
];

function nextMonth(now: number): string {
  const date = new Date(now);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)).toISOString().slice(0, 10);
}
