import type { ConnectionStatus, Status } from "../sync/index.ts";
import type { LedgerTroubleView } from "./ledger-trouble-view.ts";

const DAY = 86_400_000;

/** What somebody who reads a status should do, most pressing first. */
export function adviceFor(
  status: Status,
  facts: {
    readonly lockedBy: string | null;
    readonly stale: readonly string[];
    readonly ledgerTrouble: LedgerTroubleView | null;
    /** Of checkpoints that were to leave. */
    readonly anchorWarnings: readonly string[];
  },
): string[] {
  const { lockedBy, stale, ledgerTrouble, anchorWarnings } = facts;
  const advice: string[] = [];
  if (ledgerTrouble !== null) {
    advice.push(
      ledgerTrouble.kind === "witness_objects"
        ? `${ledgerTrouble.says} Nothing is signed until you decide: bursar ledger trouble tells what can be done.`
        : `${ledgerTrouble.says} Nothing is recorded until you decide: bursar ledger trouble tells what can be done.`,
    );
  }
  if (stale.length > 0) {
    advice.push(`${stale.join(", ")} wait to be built for this version: run bursar sync or bursar doctor --rebuild.`);
  }
  if (lockedBy !== null) {
    advice.push(`The vault is locked (${lockedBy}): give the key-encryption key of this data folder to sync again.`);
  }
  if (status.connections.length === 0) {
    advice.push("No connection yet: run bursar connect --name NAME and paste an Admin key.");
  }
  for (const connection of status.connections) advice.push(...adviceForConnection(connection));
  advice.push(...anchorWarnings.map((text) => `${text} See bursar ledger anchors.`));
  if (ledgerTrouble === null && status.ledger !== null && status.ledger.signedSize < status.ledger.size) {
    advice.push("The end of the ledger is not signed yet: the next bursar sync signs it.");
  }
  return advice;
}

function adviceForConnection({ connection, state, streams }: ConnectionStatus): string[] {
  if (state === "disconnected") return [];
  if (state === "invalid") {
    return [`${connection}: Anthropic refused the key; run bursar connect --name ${connection} with a new one.`];
  }
  const advice: string[] = [];
  if (streams.every((stream) => stream.lastReadAt === null)) {
    return [`${connection}: nothing was read yet; run bursar sync, or bursar backfill --all for the whole past.`];
  }
  const broken = streams.filter(({ state }) => state === "failed" || state === "partial");
  const withGaps = streams.filter(({ gaps }) => gaps.length > 0);
  if (broken.length > 0) {
    const names = broken.map(({ stream }) => stream).join(", ");
    advice.push(`${connection}: ${names} ended early; run bursar sync, which goes on where it stopped.`);
  } else if (withGaps.length > 0) {
    const names = withGaps.map(({ stream }) => stream).join(", ");
    advice.push(`${connection}: days are missing in ${names}; run bursar sync.`);
  }
  const oldest = Math.max(...streams.map(({ freshnessMs, state }) => (state === "ok" ? (freshnessMs ?? 0) : 0)));
  if (oldest > 2 * DAY)
    advice.push(`${connection}: last read more than two days ago; run bursar sync, or keep bursar serve running.`);
  return advice;
}
