export { copyByMail, isMailAddress } from "./copy-mail.ts";
export { copyToFolder } from "./copy-folder.ts";
export { copyToWebhook } from "./copy-webhook.ts";
export { openTimestamps } from "./open-timestamps.ts";
export { timeStampAuthority } from "./time-stamp-authority.ts";
export { witness } from "./witness.ts";
export { openOutbound, type Outbound, type OutboundOptions } from "./outbound.ts";
export { readAddress, readAddresses, readCertificates, readWitnesses, SettingError } from "./settings.ts";
export type { AnchorKind, AnchorPost, AnchorState, Frozen, Handed, History } from "./way.ts";
