import type { X509Certificate } from "node:crypto";

import { isLoopback } from "../domain/index.ts";
import { assertWhole, LedgerError, parseCertificates, parseVkey, tidyCertificates } from "../ledger/index.ts";
import type { WitnessSetting } from "./witness.ts";

/** Why a text cannot be a setting of an anchor, in words that follow its name. */
export class SettingError extends Error {
  override readonly name = "SettingError";
}

/** An https address; http to this machine alone. @throws SettingError */
export function readAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw new SettingError("is no address, such as https://service.example");
  const isAllowed = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
  if (!isAllowed) throw new SettingError("is not https; http is for this machine alone");
  if (url.username !== "" || url.password !== "") throw new SettingError("holds a name or a password");
  if (url.hash !== "") throw new SettingError("has a part behind #");
  return url;
}

/** Several addresses. @throws SettingError */
export function readAddresses(texts: readonly string[]): URL[] {
  return unique(texts.map(readAddress), ({ href }) => href);
}

/** Witnesses, each an address, a space and a vkey. @throws SettingError */
export function readWitnesses(lines: readonly string[]): WitnessSetting[] {
  const witnesses = lines.map((line) => {
    const [address = "", vkey = "", ...more] = line.split(/\s+/);
    if (vkey === "" || more.length > 0) throw new SettingError("has a line that is not an address, a space and a vkey");
    try {
      const key = parseVkey(vkey);
      if (key.type !== "cosignature") throw new SettingError("has the vkey of a log where a witness's belongs");
      return { url: readAddress(address), key };
    } catch (thrown) {
      if (thrown instanceof LedgerError) throw new SettingError(`has ${thrown.message}`);
      throw thrown;
    }
  });
  return unique(witnesses, ({ key }) => key.vkey);
}

/** Certificates in PEM, with whatever text around them, each with its issuer. @throws SettingError */
export function readCertificates(text: string): X509Certificate[] {
  try {
    const certificates = parseCertificates(tidyCertificates(text));
    assertWhole(certificates);
    return certificates;
  } catch (thrown) {
    if (thrown instanceof LedgerError) throw new SettingError(thrown.message);
    throw thrown;
  }
}

function unique<T>(items: T[], keyOf: (item: T) => string): T[] {
  if (new Set(items.map(keyOf)).size < items.length) throw new SettingError("names one twice");
  return items;
}
