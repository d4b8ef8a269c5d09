import { execFile, spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Why there is no authority to test against, or null. */
export function opensslMissing(): string | null {
  return spawnSync("sh", ["-c", "command -v openssl"]).status === 0 ? null : "this machine has no openssl";
}

/** What the command of the auditor's guide says in a folder of stamps. */
export async function opensslVerify(cwd: string): Promise<string> {
  const files = ["-data", "checkpoint", "-in", "checkpoint.tsr", "-CAfile", "tsa-ca.pem"];
  return (await run("openssl", ["ts", "-verify", ...files], { cwd })).stdout.trim();
}

export interface TimeStampAuthority {
  /** Certificates of the root that its own one leads to. */
  readonly ca: string;
  /** Answers a request as an authority does; by a pretended clock when one is named. */
  answer(request: Uint8Array): Promise<Buffer>;
  /** The stamp of an answer, signed by another certificate of this use. */
  signedBy(answer: Uint8Array, usage: string): Promise<Buffer>;
  /** What openssl says of an answer about this data: `Verification: OK`, or why not. */
  check(data: Uint8Array | string, answer: Uint8Array): Promise<string>;
}

const KEYS = {
  rsa: ["-newkey", "rsa:2048"],
  ec: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
  ed25519: ["-newkey", "ed25519"],
} as const;

/** A time stamp authority that is not ours: the `ts` command of openssl, with a root and an issuer in between. */
export async function openTimeStampAuthority(
  dir: string,
  { key = "ec" }: { readonly key?: keyof typeof KEYS } = {},
): Promise<TimeStampAuthority> {
  await mkdir(dir, { recursive: true });
  const at = (name: string) => join(dir, name);
  const openssl = (...args: string[]) => run("openssl", args, { cwd: dir });
  await writeFile(at("root.ext"), "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n");
  await writeFile(at("tsa.ext"), `basicConstraints=critical,CA:FALSE\nextendedKeyUsage=critical,timeStamping\n`);
  await writeFile(at("ts.cnf"), CONFIG);
  await writeFile(at("serial"), "01\n");
  const request = (name: string) =>
    openssl(
      "req",
      "-new",
      ...KEYS[key],
      "-nodes",
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
      "-subj",
      `/O=Test/CN=${NAMES[name]}`,
    );
  await Promise.all(["root", "issuer", "tsa"].map(request));
  const sign = (name: string, ext: string, ...by: string[]) =>
    openssl("x509", "-req", "-days", "3650", "-in", `${name}.csr`, "-out", `${name}.pem`, "-extfile", ext, ...by);
  await sign("root", "root.ext", "-signkey", "root.key");
  await sign("issuer", "root.ext", "-CA", "root.pem", "-CAkey", "root.key", "-set_serial", "2");
  await sign("tsa", "tsa.ext", "-CA", "issuer.pem", "-CAkey", "issuer.key", "-set_serial", "3");
  let asked = 0;
  return {
    ca: await readFile(at("root.pem"), "utf8"),
    answer: async (bytes) => {
      const name = `asked-${(asked += 1)}`;
      await writeFile(at(`${name}.tsq`), bytes);
      await openssl("ts", "-reply", "-config", "ts.cnf", "-queryfile", `${name}.tsq`, "-out", `${name}.tsr`);
      return readFile(at(`${name}.tsr`));
    },
    signedBy: async (answer, usage) => {
      const name = `signed-${(asked += 1)}`;
      await writeFile(at(`${name}.tsr`), answer);
      await writeFile(at(`${name}.ext`), `extendedKeyUsage=${usage}\n`);
      await openssl("ts", "-reply", "-config", "ts.cnf", "-in", `${name}.tsr`, "-token_out", "-out", `${name}.token`);
      await openssl("cms", "-verify", "-noverify", "-inform", "DER", "-in", `${name}.token`, "-out", `${name}.stamp`);
      await request("signer");
      await sign("signer", `${name}.ext`, "-CA", "issuer.pem", "-CAkey", "issuer.key", "-set_serial", "4");
      const content = ["-binary", "-nodetach", "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-in", `${name}.stamp`];
      const signer = ["-cades", "-md", "sha256", "-signer", "signer.pem", "-inkey", "signer.key"];
      await openssl("cms", "-sign", ...content, ...signer, "-outform", "DER", "-out", `${name}.cms`);
      const token = await readFile(at(`${name}.cms`));
      const granted = Buffer.from("3003020100", "hex");
      const length = Buffer.alloc(2);
      length.writeUInt16BE(granted.length + token.length);
      return Buffer.concat([Buffer.from("3082", "hex"), length, granted, token]);
    },
    check: async (data, answer) => {
      const name = `check-${(asked += 1)}`;
      await writeFile(at(name), data);
      await writeFile(at(`${name}.tsr`), answer);
      try {
        const { stdout, stderr } = await openssl(
          "ts",
          "-verify",
          "-data",
          name,
          "-in",
          `${name}.tsr`,
          "-CAfile",
          "root.pem",
        );
        return `${stdout}${stderr}`;
      } catch (thrown) {
        return String((thrown as { stderr?: string }).stderr);
      }
    },
  };
}

const NAMES: Readonly<Record<string, string>> = {
  root: "Test root",
  issuer: "Test issuer",
  tsa: "Test authority",
  signer: "Test signer",
};

const CONFIG = `
[ tsa ]
default_tsa = here
[ here ]
serial = ./serial
signer_cert = ./tsa.pem
certs = ./issuer.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
`;
