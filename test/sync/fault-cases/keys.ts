import type { FaultCase } from "./fault-case.ts";
import { versions } from "./seen.ts";

/** Whose key it is, and which one a run uses. */
export const keysFaults: readonly FaultCase[] = [
  {
    id: "F62",
    expected: "one key for the whole run",
    sync: (bursar) => bursar.sync(),
    outcome: "complete",
    holds: ({ bursar }) => ({
      "one fingerprint": new Set(bursar.emulator.requests.map(({ keyFingerprint }) => keyFingerprint)).size === 1,
    }),
  },
  {
    id: "F63",
    expected: "refused, nothing changes",
    sync: (bursar) => bursar.sync({ key: bursar.emulator.keys.otherOrganization }),
    outcome: "throws",
    holds: async (seen) => ({
      "it says whose key it is": String(seen.thrown).includes("belongs to organization"),
      "nothing is stored": (await versions(seen.bursar, "organization")).length === 0,
    }),
  },
];
