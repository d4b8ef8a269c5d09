import { Button } from "@mantine/core";

import { now, useAnswer, useOrder } from "../client/index.ts";
import { formatAgo, formatInstant } from "../format/index.ts";
import { Empty, ErrorBox, Pill, Skeleton } from "../ui/index.ts";
import "./settings.css";

/** The browsers in which somebody is signed in: one's own, or another account's. */
export function SessionList({ account }: { account?: string }) {
  const whose = account === undefined ? {} : { account };
  const asked = useAnswer("listSessions", whose);
  const end = useOrder("endSession");
  if (asked.isError) return <ErrorBox thrown={asked.error} onRetry={() => void asked.refetch()} />;
  const sessions = asked.data?.sessions;
  if (sessions === undefined) return <Skeleton height={80} />;
  if (sessions.length === 0) return <Empty why="Signed in nowhere." />;
  const others = sessions.filter(({ isCurrent }) => !isCurrent);
  return (
    <>
      <ul className="session-list">
        {sessions.map(({ id, agent, seenAt, endsAt, isCurrent }) => (
          <li key={id}>
            <div>
              <p>
                {browserOf(agent)} {isCurrent && <Pill>This browser</Pill>}
              </p>
              <p className="small quiet" title={agent}>
                Used {formatAgo(Math.max(0, now() - Date.parse(seenAt)))}, ends {formatInstant(endsAt)}
              </p>
            </div>
            {!isCurrent && (
              <Button
                size="xs"
                variant="default"
                disabled={end.isPending}
                onClick={() => end.mutate({ ...whose, session: id })}
                aria-label={`End the session of ${browserOf(agent)}, used ${formatInstant(seenAt)}`}
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
      {end.isError && <ErrorBox thrown={end.error} means="The session goes on." />}
      {others.length > 1 && (
        <Button size="xs" variant="default" loading={end.isPending} onClick={() => end.mutate(whose)}>
          End all {account === undefined ? "others" : "of them"}
        </Button>
      )}
    </>
  );
}

/** `Firefox on Windows`, as far as a browser says. */
function browserOf(agent: string): string {
  const browser = BROWSERS.find(([mark]) => agent.includes(mark))?.[1] ?? "A browser";
  const system = SYSTEMS.find(([mark]) => agent.includes(mark))?.[1];
  return system === undefined ? browser : `${browser} on ${system}`;
}

/** Those that claim to be others as well come first. */
const BROWSERS = [
  ["Edg/", "Edge"],
  ["OPR/", "Opera"],
  ["Firefox/", "Firefox"],
  ["Chrome/", "Chrome"],
  ["Safari/", "Safari"],
] as const;

const SYSTEMS = [
  ["Android", "Android"],
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Windows", "Windows"],
  ["Mac OS", "macOS"],
  ["Linux", "Linux"],
] as const;
