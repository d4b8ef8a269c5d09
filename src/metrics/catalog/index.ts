import type { Metric } from "../define.ts";
import { unknownId } from "../suggest.ts";
import { cost } from "./cost.ts";
import { tokens } from "./tokens.ts";
import { inputTokens } from "./input-tokens.ts";
import { outputTokens } from "./output-tokens.ts";
import { cacheReadTokens } from "./cache-read-tokens.ts";
import { cacheCreationTokens } from "./cache-creation-tokens.ts";
import { requests } from "./requests.ts";
import { webSearches } from "./web-searches.ts";
import { sessions } from "./sessions.ts";
import { commits } from "./commits.ts";
import { pullRequests } from "./pull-requests.ts";
import { linesAdded } from "./lines-added.ts";
import { linesRemoved } from "./lines-removed.ts";
import { netLines } from "./net-lines.ts";
import { churnedLines } from "./churned-lines.ts";
import { linesPerSession } from "./lines-per-session.ts";
import { commitsPerSession } from "./commits-per-session.ts";
import { pullRequestsPerSession } from "./pull-requests-per-session.ts";
import { actionsAccepted } from "./actions-accepted.ts";
import { actionsRejected } from "./actions-rejected.ts";
import { acceptRate } from "./accept-rate.ts";
import { acceptedPerActiveDay } from "./accepted-per-active-day.ts";
import { activeUsers } from "./active-users.ts";
import { dau } from "./dau.ts";
import { wau } from "./wau.ts";
import { mau } from "./mau.ts";
import { activePersonDays } from "./active-person-days.ts";
import { adoptionRate } from "./adoption-rate.ts";
import { costPerActiveUser } from "./cost-per-active-user.ts";
import { costPerActiveDay } from "./cost-per-active-day.ts";
import { costPerSession } from "./cost-per-session.ts";
import { costPerCommit } from "./cost-per-commit.ts";
import { costPerPullRequest } from "./cost-per-pull-request.ts";
import { costPer1kLines } from "./cost-per-1k-lines.ts";
import { cacheHitRate } from "./cache-hit-rate.ts";
import { cacheReuseRate } from "./cache-reuse-rate.ts";
import { readsPerWrite } from "./reads-per-write.ts";
import { modelMix } from "./model-mix.ts";
import { modelMixByTokens } from "./model-mix-by-tokens.ts";
import { costShare } from "./cost-share.ts";
import { tokensGenerationGap } from "./tokens-generation-gap.ts";
import { costGenerationGap } from "./cost-generation-gap.ts";
import { listCostGenerationGap } from "./list-cost-generation-gap.ts";

/** Every metric, in the order in which lists show them. */
export const metrics: readonly Metric[] = [
  cost,
  tokens,
  inputTokens,
  outputTokens,
  cacheReadTokens,
  cacheCreationTokens,
  requests,
  webSearches,
  sessions,
  commits,
  pullRequests,
  linesAdded,
  linesRemoved,
  netLines,
  churnedLines,
  linesPerSession,
  commitsPerSession,
  pullRequestsPerSession,
  actionsAccepted,
  actionsRejected,
  acceptRate,
  acceptedPerActiveDay,
  activeUsers,
  dau,
  wau,
  mau,
  activePersonDays,
  adoptionRate,
  costPerActiveUser,
  costPerActiveDay,
  costPerSession,
  costPerCommit,
  costPerPullRequest,
  costPer1kLines,
  cacheHitRate,
  cacheReuseRate,
  readsPerWrite,
  modelMix,
  modelMixByTokens,
  costShare,
  tokensGenerationGap,
  costGenerationGap,
  listCostGenerationGap,
];

/** @throws Failure `input.unknown_value` with the nearest ids. */
export function findMetric(id: string): Metric {
  const found = metrics.find((metric) => metric.id === id);
  if (!found) throw unknownId("metric", id, metrics);
  return found;
}
