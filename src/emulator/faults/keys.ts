import { Problem, problemReply } from "../server/problem.ts";
import type { FaultKind, Occasion } from "./fault.ts";
import { numberParam } from "./fault.ts";

const refuseKey = ({ call }: Occasion) => problemReply(new Problem(401, "invalid x-api-key"), call.requestId);

export const keyFaults: readonly FaultKind[] = [
  {
    id: "F09",
    name: "key-refused",
    description: "401 from the first request on",
    side: "upstream",
    answer: refuseKey,
  },
  {
    id: "F10",
    name: "key-dies",
    description: "401 from some request on, as when the key is revoked or expires during a run",
    side: "upstream",
    params: { requests: "how many requests still succeed, 5 by default" },
    applies: (occasion) => {
      const met = Number(occasion.memory.get("met") ?? 0) + 1;
      occasion.memory.set("met", met);
      return met > numberParam(occasion.params, "requests", 5);
    },
    answer: refuseKey,
  },
  {
    id: "F62",
    name: "key-replaced",
    description: "the key is replaced while a run goes: paste the emulator's replacement key during the run",
    side: "client",
  },
  {
    id: "F63",
    name: "key-of-another-organization",
    description: "the key of another organization is pasted: use the emulator's otherOrganization key",
    side: "client",
  },
  {
    id: "F64",
    name: "malformed-key",
    description: "ordinary, OAuth and mangled keys are pasted; none may reach the network",
    side: "client",
  },
];
