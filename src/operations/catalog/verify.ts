import { z } from "zod";

import { verifyLive } from "../verify-live.ts";
import { verifyFolder } from "../verify-folder.ts";
import { defineOperation } from "../define.ts";

const failure = z.object({ file: z.string(), index: z.int().optional(), what: z.string() });

const stamp = z.object({
  file: z.string(),
  size: z.int(),
  kind: z.enum(["rfc3161", "ots", "other"]),
  says: z.array(z.string()).readonly(),
  notChecked: z.array(z.string()).readonly(),
});

export const verify = defineOperation({
  id: "verify",
  title: "Verify",
  summary: "Checks every byte of an exported ledger, or of the live one and the rows that stand on it.",
  input: z.object({
    /** An export; absent: the live record. */
    dir: z.string().optional(),
    /** The log's keys as known from elsewhere. */
    vkeys: z.array(z.string()).readonly().optional(),
    /** Text of a checkpoint kept from earlier: the ledger must continue that very history. */
    checkpoint: z.string().optional(),
    /** vkeys of witnesses that must have cosigned the latest checkpoint: so many of them as `quorum` says, else all. */
    witnesses: z.array(z.string()).readonly().optional(),
    quorum: z.int().min(1).optional(),
    /** Certificates of time stamp authorities, PEM, from elsewhere. */
    authorities: z.string().optional(),
  }),
  output: z.object({
    ok: z.boolean(),
    /** `folder`, or `live` with its rows. */
    of: z.enum(["folder", "live"]),
    origin: z.string(),
    size: z.int(),
    root: z.string(),
    leaves: z.record(z.string(), z.int()),
    contentChecked: z.boolean(),
    erased: z.int(),
    signedBy: z.array(z.string()).readonly(),
    cosignedBy: z.array(z.object({ name: z.string(), time: z.number() })).readonly(),
    /** Rows compared with what their records say; null for a folder, which holds no rows. */
    rowsChecked: z.int().nullable(),
    /** Stamps on earlier checkpoints: what each says, and what of it was not looked at. */
    stamps: z.array(stamp).readonly(),
    failures: z.array(failure).readonly(),
    failureCount: z.int(),
    notes: z.array(z.string()).readonly(),
  }),
  permission: "audit",
  localInputs: ["dir"],
  effect: "read",
  fresh: true,
  audit: "none: a check shows no content, and a live one must not change what it checks",
  run: (context, { dir, vkeys, checkpoint, witnesses, quorum, authorities }) => {
    const options = {
      ...(vkeys === undefined ? {} : { vkey: vkeys }),
      ...(checkpoint === undefined ? {} : { checkpoint }),
      ...(witnesses === undefined ? {} : { witnesses }),
      ...(quorum === undefined ? {} : { quorum }),
      ...(authorities === undefined ? {} : { authorities }),
    };
    return dir === undefined ? verifyLive(context, options) : verifyFolder(dir, options, context.onStep);
  },
});
