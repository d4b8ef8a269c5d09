import { expect, it } from "vitest";

import { dayText, parseDay } from "../../src/domain/index.ts";
import { forgetPasts } from "../../src/metrics/index.ts";
import { testApi } from "../support/api.ts";
import { withSyncedBursar } from "../support/bursar.ts";

const LAST = parseDay("2026-10-31");
/** More than are kept ready, so that none answers for another. */
const PASTS = 8;

it("health and today's questions are answered while eight pasts are built", () =>
  withSyncedBursar(async (bursar) => {
    const limits = { requestsPerMinute: 1e9, anonymousPerMinute: 1e9, probesPerMinute: 1e9 };
    const api = await testApi({ ...bursar, limits });
    const server = await api.listen();
    const headers = { authorization: `Bearer ${await api.token()}` };
    const ask = async (path: string) => {
      const answer = await fetch(`${server.url}${path}`, { headers });
      return [answer.status, await answer.text()] as const;
    };
    try {
      const still = { open: PASTS };
      const answered: string[] = [];
      const pasts = Array.from({ length: PASTS }, async (_, at) => {
        const day = dayText(LAST - at);
        const [status, body] = await ask(`/api/v1/report?metric=tokens&from=2026-10-25&to=2026-10-26&asOf=${day}`);
        still.open -= 1;
        answered.push(day);
        return [status, (JSON.parse(body) as { asOf: string }).asOf];
      });
      // How many others were answered while so many pasts were still asked for.
      const meanwhile = new Map<number, number>();
      const all = Promise.all(pasts);
      for (let at = 0; still.open > 0; at++) {
        const { open } = still;
        const day = dayText(LAST - (at % 8));
        const today = await Promise.all([ask("/healthz"), ask(`/api/v1/report?metric=cost&from=${day}&to=${day}`)]);
        expect(today.map(([status]) => status)).toEqual([200, 200]);
        // One that waited for the past came after it.
        if (still.open === open) meanwhile.set(open, (meanwhile.get(open) ?? 0) + 1);
      }
      const asked = Array.from({ length: PASTS }, (_, at) => dayText(LAST - at));
      expect(await all).toEqual(asked.map((day) => [200, day]));
      expect(answered.toSorted()).toEqual(asked.toSorted());
      // After the first was there, and the next ones were built one by one.
      const between = [...meanwhile].filter(([left]) => left < PASTS).reduce((sum, [, count]) => sum + count, 0);
      expect(between, JSON.stringify([...meanwhile])).toBeGreaterThan(3);
    } finally {
      await server.close();
      await forgetPasts(bursar.store);
    }
  }));
