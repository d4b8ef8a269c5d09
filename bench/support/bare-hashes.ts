import { hash } from "node:crypto";

const HASHES = 300_000;

/**
 * Seconds that one bare SHA-256 of about a leaf takes, in this minute on this machine: what no append and no check of a
 * ledger can beat.
 */
export function secondsAHash(): number {
  const block = Buffer.alloc(200, 1);
  for (let at = 0; at < HASHES / 10; at += 1) hash("sha256", block, "hex");
  const started = performance.now();
  for (let at = 0; at < HASHES; at += 1) hash("sha256", block, "hex");
  return (performance.now() - started) / 1000 / HASHES;
}
