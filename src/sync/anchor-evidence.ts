import { hash, type X509Certificate } from "node:crypto";

import type { Scope } from "../domain/index.ts";
import { ledgerErrorAsNull, openTimeStamp, parseCheckpoint, type AnchorFolder } from "../ledger/index.ts";
import { cosigners, recordedAnchors, type AnchorRow, type Store, type Tx } from "../store/index.ts";

/**
 * The stamps that go along with an export of this checkpoint: those that a leaf of its tree records, each in the folder
 * of the checkpoint that was stamped.
 *
 * @param certificates of the time stamp authority, which go along with the stamps that lead to them
 */
export async function anchorFolders(
  store: Store,
  scope: Scope,
  checkpoint: string,
  certificates: readonly X509Certificate[] | null,
): Promise<AnchorFolder[]> {
  const { origin, size } = parseCheckpoint(checkpoint);
  const rows = await store.read((tx) => recordedAnchors(tx, scope, { origin, beforeLeaf: size }));
  const folders = new Map<number, { checkpoint: string; files: { name: string; bytes: Uint8Array }[] }>();
  for (const row of rows) {
    const ending = ENDINGS[row.kind];
    if (ending === undefined || row.proof === null) continue;
    const folder = folders.get(row.size) ?? { checkpoint: row.checkpoint, files: [] };
    folders.set(row.size, folder);
    // Two authorities may have stamped one checkpoint, when another was configured on that day.
    const earlier = folder.files.filter(({ name }) => name.endsWith(ending)).length;
    const place = earlier === 0 ? "" : `.${earlier + 1}`;
    folder.files.push({ name: `checkpoint${place}${ending}`, bytes: row.proof });
    if (row.kind === "rfc3161" && certificates !== null && (await leadsTo(row.proof, row.checkpoint, certificates))) {
      folder.files.push({ name: `tsa-ca${place}.pem`, bytes: Buffer.from(certificates.join("")) });
    }
  }
  return [...folders.values()];
}

/** vkeys of witnesses whose lines stand in the log's checkpoints. */
export function witnessVkeys(tx: Tx, scope: Scope, checkpoint: string): Promise<string[]> {
  return cosigners(tx, scope, parseCheckpoint(checkpoint).origin);
}

/** A cosignature stands in its checkpoint and needs no file of its own. */
const ENDINGS: Readonly<Partial<Record<AnchorRow["kind"], string>>> = { rfc3161: ".tsr", ots: ".ots" };

async function leadsTo(proof: Buffer, checkpoint: string, trusted: readonly X509Certificate[]): Promise<boolean> {
  const digest = hash("sha256", checkpoint, "buffer");
  return ledgerErrorAsNull(() => openTimeStamp(proof, { digest, trusted }))?.isTrusted === true;
}
