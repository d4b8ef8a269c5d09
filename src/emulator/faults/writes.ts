import { Problem, problemReply } from "../server/problem.ts";
import type { Reply } from "../server/reply.ts";
import { FaultError, numberParam, type FaultKind, type FaultParams } from "./fault.ts";

const ANSWERS = ["cut", "silence", "500", "529"] as const;
const EFFECTS = ["done", "none"] as const;

/** Troubles of requests that change something. Reading them again would tell; sending them again could do them twice. */
export const writeFaults: readonly FaultKind[] = [
  {
    id: "W01",
    name: "outcome-lost",
    description: "a POST or DELETE of which no answer tells whether it happened",
    side: "upstream",
    times: 1,
    params: {
      effect: "done (default): it happened; none: it did not",
      answer: "cut (default): the connection breaks; silence: nothing comes; 500 or 529: an error that leaves it open",
    },
    applies: ({ call }) => call.method !== "GET",
    // Standing in for the API keeps it from happening at all.
    answer: ({ call, params, serve }) =>
      oneOf(params, "effect", EFFECTS) === "done" ? serve(call.query) : lost(500, call.requestId),
    change: (reply, { call, params }) => {
      const answer = oneOf(params, "answer", ANSWERS);
      return answer === "500" || answer === "529" ? lost(Number(answer), call.requestId) : reply;
    },
    send: ({ response }, reply, { params }) => {
      const answer = oneOf(params, "answer", ANSWERS);
      if (answer === "silence") return;
      if (answer === "cut") response.socket?.resetAndDestroy();
      else response.writeHead(reply.status, { ...reply.headers }).end(reply.body);
    },
  },
  {
    id: "W02",
    name: "write-refused",
    description: "a POST or DELETE refused for a reason that the emulator does not know by itself, such as a limit",
    side: "upstream",
    times: 1,
    params: { status: "400 by default", code: "error_code in the details; none by default" },
    applies: ({ call }) => call.method !== "GET",
    answer: ({ call, params }) => {
      const { code } = params;
      const options = code === undefined ? {} : { code };
      const problem = new Problem(numberParam(params, "status", 400), "This cannot be done", options);
      return problemReply(problem, call.requestId);
    },
  },
];

function lost(status: number, requestId: string): Reply {
  return problemReply(new Problem(status, "Something went wrong"), requestId);
}

function oneOf<Value extends string>(params: FaultParams, name: string, choices: readonly Value[]): Value {
  const given = params[name] ?? choices[0];
  const found = choices.find((choice) => choice === given);
  if (found === undefined) throw new FaultError(`parameter ${name} should be ${choices.join(", ")}`);
  return found;
}
