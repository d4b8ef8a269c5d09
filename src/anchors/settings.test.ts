import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { logKey, witnessKey } from "../../test/support/sample-ledger.ts";
import { openTimeStampAuthority, opensslMissing } from "../../test/support/time-stamp-authority.ts";
import { readAddress, readAddresses, readCertificates, readWitnesses } from "./settings.ts";

const { vkey } = witnessKey;

describe("a setting", () => {
  it("names witnesses by address and vkey", () => {
    expect(readWitnesses([`https://w.example/sub ${vkey}`])).toMatchObject([
      { url: new URL("https://w.example/sub"), key: { vkey } },
    ]);
  });

  it.each<[string, string[], string]>([
    ["without a vkey", ["https://w.example"], "an address, a space and a vkey"],
    ["with a log's vkey", [`https://w.example ${logKey.vkey}`], "of a log"],
    ["with a vkey that is mistyped", [`https://w.example ${vkey.replace("24b5", "24b6")}`], "key id"],
    ["twice", [`https://w.example ${vkey}`, `https://v.example ${vkey}`], "twice"],
    ["in the clear", [`http://w.example ${vkey}`], "not https"],
  ])("refuses a witness %s", (_, lines, problem) => {
    expect(() => readWitnesses(lines)).toThrow(problem);
  });

  it.each([
    ["calendar.example", "no address"],
    ["http://calendar.example", "not https"],
    ["https://user:pass@calendar.example", "a name or a password"],
    ["https://calendar.example/#x", "behind #"],
  ])("refuses the address %s", (text, problem) => {
    expect(() => readAddress(text)).toThrow(problem);
  });

  it("takes http to this machine alone, and no address twice", () => {
    expect(readAddress("http://127.0.0.1:8080/x").href).toBe("http://127.0.0.1:8080/x");
    expect(() => readAddresses(["https://a.example", "https://A.example/"])).toThrow("twice");
  });

  it.each(["", "certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])(
    "refuses %j for certificates",
    (text) => {
      expect(() => readCertificates(text)).toThrow(/certificate/);
    },
  );

  it.skipIf(opensslMissing() !== null)(
    "takes certificates with the whole way to a root, whatever is around them",
    async () => {
      const dir = await mkdtemp(join(tmpdir(), "bursar-certificates-"));
      const { ca } = await openTimeStampAuthority(dir);
      const issuer = await readFile(join(dir, "issuer.pem"), "utf8");
      expect(readCertificates(`issuer\r\n${issuer.replaceAll("\n", "\r\n")}\nroot\n${ca}`)).toHaveLength(2);
      expect(() => readCertificates(issuer)).toThrow("without its issuer");
      await rm(dir, { recursive: true });
    },
  );
});
