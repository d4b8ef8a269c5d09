/** Verifies the export that is named, and prints seconds and the most memory that it took: a process of its own for each. */
import { verifyExport } from "../../src/ledger/index.ts";

export interface Verified {
  readonly seconds: number;
  readonly peakMb: number;
}

const [dir = "", vkey = "", threads = "1"] = process.argv.slice(2);
const started = performance.now();
const report = await verifyExport(dir, { vkey, threads: Number(threads) });
const seconds = (performance.now() - started) / 1000;
if (!report.ok) throw new Error(`the export does not verify: ${report.failures[0]?.what}`);
const verified: Verified = { seconds, peakMb: process.resourceUsage().maxRSS / 1000 };
process.stdout.write(JSON.stringify(verified));
