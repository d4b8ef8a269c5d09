import { proofIn, type BadInput } from "./bad-input.ts";

const tile = proofIn("src/ledger/tile.test.ts");
const tree = proofIn("src/ledger/proof.test.ts");
const altered = proofIn("src/ledger/verify-altered.test.ts");
const api = proofIn("test/api/bad-input.test.ts");
const cli = proofIn("test/e2e/cli-input.test.ts");
const requests = proofIn("test/mcp/requests.test.ts");
const mcp = proofIn("test/mcp/bad-input.test.ts");
const stdio = proofIn("test/mcp/stdio.test.ts");

export const ledgerInputs: readonly BadInput[] = [
  {
    input: "index -1, = size, 2^63; a proof for a size beyond the signed one",
    answer: "refused: the signed log has leaves 0 to n",
    proofs: [
      api("index=-1"),
      api("index=9223372036854775808"),
      api("ends with what is signed"),
      tree("has no proof of"),
    ],
  },
  {
    input: "tile level 64, `N` unpadded, `.p/0`, `.p/256`, a path with `..`",
    answer: "no tile",
    proofs: [tile("tile/64/000"), tile("tile/0/0"), tile(".p/0"), tile(".p/256"), tile("tile/0/../000")],
  },
  { input: "a partial tile beyond the tree", answer: "refused", proofs: [altered("tile/0/000.p/39")] },
];

export const cliInputs: readonly BadInput[] = [
  {
    input: "unknown option, missing value",
    answer: "2, one line",
    proofs: [cli("an unknown option"), cli("an option without its value")],
  },
  {
    input: "file that is a folder, not there, without permission",
    answer: "2; 5 without permission",
    proofs: [cli("a key file that is a folder"), cli("a key file that is not there"), cli("that may not be read")],
  },
  { input: "stdin closed", answer: "as if it were empty", proofs: [cli("a closed stdin is an empty one")] },
  { input: "stdout closed (EPIPE)", answer: "ends quietly", proofs: [cli("a reader that goes away ends it quietly")] },
  {
    input: "not a terminal, where a person is asked",
    answer: "2",
    proofs: [proofIn("test/changes/cli.test.ts")("none that a program pipes in")],
  },
  {
    input: "no HOME, LANG=C, 80 and 20 columns",
    answer: "as ever",
    proofs: [cli("no HOME"), cli("LANG=C"), cli("20 columns"), cli("80 columns")],
  },
];

export const mcpInputs: readonly BadInput[] = [
  { input: "unknown method", answer: "-32601", proofs: [requests("unknown method")] },
  { input: "unknown tool", answer: "-32602", proofs: [requests("unknown tool")] },
  {
    input: "missing id, id null, batch",
    answer: "a notification; -32600; each answered",
    proofs: [requests("id null"), requests("without an id is a notification, and one of many stands in a batch")],
  },
  { input: "version mismatch", answer: "-32020", proofs: [requests("revision nobody knows")] },
  {
    input: "header that is not the body's",
    answer: "-32020",
    proofs: [requests("header that is not the body's method")],
  },
  { input: "no capabilities", answer: "-32602", proofs: [requests("no client capabilities")] },
  {
    input: "arguments of the wrong type, extra ones, nested without end",
    answer: "the tool's error, naming which",
    proofs: [requests("of the wrong type"), requests("that nobody knows"), requests("nested without end")],
  },
  { input: "1 MB argument", answer: "413; just below, read", proofs: [requests("of a megabyte and more")] },
  {
    input: "ranges as above",
    answer: "the tool's error",
    proofs: [mcp("is refused by every tool that takes days"), mcp("of %s %j is refused")],
  },
  { input: "ids as above", answer: "the tool's error", proofs: [mcp("and opens no other")] },
  { input: "call without scope", answer: "403 with the scope", proofs: [requests("hears which scope a tool needs")] },
  {
    input: "destructive without confirmation token",
    answer: "the dry run alone",
    proofs: [proofIn("test/changes/mcp.test.ts")("answers first with the dry run")],
  },
  {
    input: "a forged token, one used before, one for other arguments",
    answer: "the tool's error",
    proofs: [mcp("of a change that there is not"), mcp("counts once"), mcp("of other arguments, of another tool")],
  },
  { input: "cancelled mid-call", answer: "ends, without an answer", proofs: [stdio("ends when it is cancelled")] },
  { input: "100 calls at once", answer: "each answered", proofs: [stdio("a hundred times at once")] },
  {
    input: "instruction-like text in data",
    answer: "data, in quotes",
    proofs: [proofIn("test/mcp/hostile-names.test.ts")("is data in the answer of")],
  },
];
