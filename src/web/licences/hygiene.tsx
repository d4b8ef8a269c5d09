import { Link } from "wouter";

import type { Output } from "../client/index.ts";
import { exact, formatDay } from "../format/index.ts";
import { Card, FactRows, Skeleton } from "../ui/index.ts";

/** What does not fit together: use by people who should have none, keys of people who left. */
export function LicenceHygiene({
  licences,
  outside,
}: {
  licences: Output<"licences"> | undefined;
  /** By name, for those who see people. */
  outside: Output<"licencePeople">["outside"] | undefined;
}) {
  if (licences === undefined) {
    return (
      <Card title="Loose ends">
        <Skeleton height={160} />
      </Card>
    );
  }
  const { activeNotEligible, keysOfLeavers } = licences.hygiene;
  return (
    <Card title="Loose ends" sentence="Use and keys that no licence explains.">
      <FactRows of="texts" className="people-facts people-facts-wide">
        <div>
          <dt>Active in 30 days, and not on the list</dt>
          <dd>
            {exact(activeNotEligible, "people")}
            {outside !== undefined && outside.length > 0 && (
              <ul className="people-list">
                {outside.slice(0, MOST).map(({ person, personId, name, lastActive }) => (
                  <li key={person}>
                    <Link href={`/people/${encodeURIComponent(personId ?? person)}`}>
                      <bdi>{name}</bdi>
                    </Link>{" "}
                    <span className="small quiet">{formatDay(lastActive)}</span>
                  </li>
                ))}
                {outside.length > MOST && <li className="quiet">and {outside.length - MOST} more</li>}
              </ul>
            )}
          </dd>
        </div>
        <div>
          <dt>Working keys of people who left</dt>
          <dd>
            {exact(keysOfLeavers, "count")}
            {(keysOfLeavers ?? 0) > 0 && (
              <>
                {" "}
                <Link href="/keys">See the keys</Link>
              </>
            )}
          </dd>
        </div>
      </FactRows>
    </Card>
  );
}

const MOST = 6;
