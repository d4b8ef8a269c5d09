import type { X509Certificate } from "node:crypto";

import {
  copyByMail,
  copyToFolder,
  copyToWebhook,
  openOutbound,
  openTimestamps,
  readAddress,
  readAddresses,
  readCertificates,
  readWitnesses,
  timeStampAuthority,
  witness,
  type AnchorPost,
  type Outbound,
} from "../../anchors/index.ts";
import type { OperationContext } from "../context.ts";
import type { TenantSettings } from "../tenant-settings.ts";

/** The services that a tenant's checkpoints are handed to, opened. */
export interface OpenPosts {
  readonly posts: readonly AnchorPost[];
  close(): Promise<void>;
}

type World = Pick<OperationContext, "scope" | "random" | "outside" | "signal">;

/** Opens what the tenant and the operator have configured; nothing is asked yet. */
export function openPosts({ scope, random, outside, signal }: World, settings: TenantSettings): OpenPosts {
  const { privateHosts, environment, timeoutMs, copyFolder, sendmail } = outside;
  const outbound = openOutbound({ privateHosts, environment, timeoutMs, signal });
  const mail = settings["anchors.copyMail"];
  return {
    posts: [
      ...remotePosts(outbound, random, settings),
      ...(copyFolder === null ? [] : [copyToFolder(copyFolder, scope.tenant)]),
      ...(mail === null ? [] : [copyByMail({ program: sendmail, to: mail, timeoutMs })]),
    ],
    close: () => outbound.close(),
  };
}

/** Certificates of the authority, as the tenant gave them. */
export function authorityCertificates(settings: TenantSettings): X509Certificate[] | null {
  const pem = settings["anchors.authorityCertificates"];
  return pem === null ? null : readCertificates(pem);
}

function remotePosts(outbound: Outbound, random: OperationContext["random"], settings: TenantSettings): AnchorPost[] {
  const authority = settings["anchors.authorityUrl"];
  const calendars = readAddresses(settings["anchors.calendars"]);
  const headersUrl = settings["anchors.headersUrl"];
  const headers = headersUrl === null ? null : readAddress(headersUrl);
  const webhook = settings["anchors.copyWebhookUrl"];
  const trusted = authorityCertificates(settings);
  return [
    ...readWitnesses(settings["anchors.witnesses"]).map((one) => witness(outbound, one)),
    ...(authority === null ? [] : [timeStampAuthority(outbound, random, { url: readAddress(authority), trusted })]),
    ...(calendars.length === 0 ? [] : [openTimestamps(outbound, random, { calendars, headers })]),
    ...(webhook === null ? [] : [copyToWebhook(outbound, readAddress(webhook))]),
  ];
}
