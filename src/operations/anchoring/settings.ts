import { z } from "zod";

import {
  isMailAddress,
  readAddress,
  readAddresses,
  readCertificates,
  readWitnesses,
  SettingError,
} from "../../anchors/index.ts";

/** A schema that takes what the anchors can read, and says in their words why not. */
function readable<S extends z.ZodType>(schema: S, read: (value: NonNullable<z.output<S>>) => unknown): S {
  return schema.check((context) => {
    if (context.value === null || context.value === undefined) return;
    try {
      read(context.value);
    } catch (thrown) {
      if (!(thrown instanceof SettingError)) throw thrown;
      context.issues.push({ code: "custom", message: thrown.message, input: context.value });
    }
  });
}

const lines = z.array(z.string().trim().min(1).max(500)).max(16).readonly();
const address = z.string().max(500);

/** How checkpoints leave the building. Everything is off until it is set. */
export const ANCHOR_SETTINGS = {
  "anchors.witnesses": {
    schema: readable(lines, readWitnesses),
    default: [] as readonly string[],
    says: "Others who sign every checkpoint after looking that it continues what they saw: an address, a space and the witness's vkey on each line.",
  },
  "anchors.quorum": {
    schema: z.int().min(1).max(16).nullable(),
    default: null,
    says: "So many witnesses should have signed a checkpoint; when nothing is given, all of them.",
  },
  "anchors.authorityUrl": {
    schema: readable(address.nullable(), readAddress),
    default: null,
    says: "A time stamp authority (RFC 3161) that states when it saw a checkpoint.",
  },
  "anchors.authorityCertificates": {
    schema: readable(z.string().max(64_000).nullable(), readCertificates),
    default: null,
    says: "Certificates that the authority's own must lead to, PEM; without them whoever signs is believed, and that is said.",
  },
  "anchors.calendars": {
    schema: readable(lines, readAddresses),
    default: [] as readonly string[],
    says: "Calendars that put digests of checkpoints into Bitcoin blocks (OpenTimestamps), an address on each line.",
  },
  "anchors.headersUrl": {
    schema: readable(address.nullable(), readAddress),
    default: null,
    says: "A Bitcoin node or explorer that block headers are compared with: Bitcoin Core's address ending in /rest, or one with Esplora's API.",
  },
  "anchors.everyHours": {
    schema: z.int().min(1).max(168),
    default: 24,
    says: "Hours between two checkpoints that are stamped and copied; witnesses get every one.",
  },
  "anchors.copyWebhookUrl": {
    schema: readable(address.nullable(), readAddress),
    default: null,
    says: "Where a copy of each stamped checkpoint is posted, for an auditor to keep.",
    isSecret: true,
  },
  "anchors.copyMail": {
    schema: z.string().max(254).refine(isMailAddress, "is no mail address").nullable(),
    default: null,
    says: "A mailbox that a copy of each stamped checkpoint is sent to, for an auditor to keep.",
    isSecret: true,
  },
} as const;
