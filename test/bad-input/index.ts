import { apiInputs, credentialInputs, idInputs, rangeInputs, whoInputs } from "./api.ts";
import type { BadInput } from "./bad-input.ts";
import { cliInputs, ledgerInputs, mcpInputs } from "./others.ts";

/** What nobody should send, by surface. */
export const badInputs: Readonly<Record<string, readonly BadInput[]>> = {
  "API, all": apiInputs,
  "API, ranges": rangeInputs,
  "API, ids": idInputs,
  "API, who asks": whoInputs,
  "API, credential": credentialInputs,
  ledger: ledgerInputs,
  "command line": cliInputs,
  MCP: mcpInputs,
};
